// Written by tools/embed-recipes from tools/recipes: change those files, not this one.

extension Recipes {
  /// Name and text of every recipe, sorted by name.
  static let embedded: [(name: String, yaml: String)] = [
    (
      "bccd-mean-teacher",
      ##"""
      # Mean Teacher with hard pseudo-boxes on few labelled and a few hundred unlabelled photographs at full size with ResNet-50-FPN, on a GPU.
      extends: bccd
      method:
        name: mean-teacher
        labeled_images: 4
        unlabeled_images: 8
        unlabeled_weight: 0.7
        burn_in_images: 6000
        memory_images: 6000
        thresholds: {candidate_score: 0.8, proposal_score: 0.8, class_score: 0.8}
      optimizer:
        warmup_images: 2400

      """##
    ),
    (
      "bccd-self-training",
      ##"""
      # Self-training in stages on few labelled and a few hundred unlabelled photographs at full size with ResNet-50-FPN, on a GPU.
      extends: bccd
      method:
        name: self-training
        labeled_images: 4
        unlabeled_images: 8
        unlabeled_weight: 0.7
        teacher_memory_images: 3000
        memory_images: 6000
        thresholds: {candidate_score: 0.8, proposal_score: 0.8, class_score: 0.8}
      optimizer:
        warmup_images: 2400

      """##
    ),
    (
      "bccd-small-mean-teacher",
      ##"""
      # Mean Teacher with hard pseudo-boxes on some dozens of labelled, a few hundred unlabelled photographs, short side 240 to 320, two cores.
      extends: bccd-small
      method:
        name: mean-teacher
        labeled_images: 2
        unlabeled_images: 2
        unlabeled_weight: 0.7
        burn_in_images: 900
        memory_images: 160
        thresholds: {candidate_score: 0.8, proposal_score: 0.8, class_score: 0.8}
      optimizer:
        warmup_images: 144

      """##
    ),
    (
      "bccd-small-self-training",
      ##"""
      # Self-training in stages on some dozens of labelled, a few hundred unlabelled photographs, short side 240 to 320, two cores.
      extends: bccd-small
      method:
        name: self-training
        labeled_images: 2
        unlabeled_images: 2
        unlabeled_weight: 0.7
        teacher_memory_images: 80
        memory_images: 160
        thresholds: {candidate_score: 0.8, proposal_score: 0.8, class_score: 0.8}
      optimizer:
        warmup_images: 144

      """##
    ),
    (
      "bccd-small-soft-teacher",
      ##"""
      # Soft Teacher for some dozens of labelled, a few hundred unlabelled photographs, short side 240 to 320, two cores.
      extends: bccd-small
      method:
        name: soft-teacher
        labeled_images: 2
        unlabeled_images: 2
        batches: {composition: fixed}
        unlabeled_weight: 0.7
        burn_in_images: 900
        memory_images: 160
        thresholds:
          candidate_score: 0.4
          proposal_score: 0.4
          class_score: 0.9
          box_uncertainty: 0.05
      optimizer:
        warmup_images: 144
      views:
        labeled_color: as_method

      """##
    ),
    (
      "bccd-small-unbiased-teacher",
      ##"""
      # Unbiased Teacher on some dozens of labelled, a few hundred unlabelled photographs, short side 240 to 320, two cores.
      # The views that its results were measured with, not the release's: colour operations and erased rectangles, sizes of their own.
      extends: bccd-small
      method:
        name: unbiased-teacher
        labeled_images: 2
        unlabeled_images: 2
        unlabeled_weight: 0.7
        burn_in_images: 900
        memory_images: 160
        thresholds: {candidate_score: 0.7, proposal_score: 0.7, class_score: 0.7}
      optimizer:
        warmup_images: 144
      views:
        labeled_color: never
        shares_geometry: false
        strong_augmentation:
          color_probability: 1
          geometry_probability: 0
          erase_probability: 1
          jitter: {probability: 0}
          grey_probability: 0
          blur: {probability: 0}
          noise: {probabilities: []}

      """##
    ),
    (
      "bccd-small-weak",
      ##"""
      # bccd-small without colour operations on labelled views: what Soft Teacher's labelled augmentation is measured against.
      extends: bccd-small
      views:
        labeled_color: never

      """##
    ),
    (
      "bccd-small",
      ##"""
      # EfficientNet-Lite0-FPN with a light head for a few hundred photographs, short side 240 to 320, on two cores.
      method:
        name: supervised
        labeled_images: 2
      model:
        backbone:
          kind: efficientnet_lite0
          norm: trained
          frozen_stages: 2
          pyramid_width: 64
        anchor_sizes: [16, 32, 64, 128, 256]
        proposals:
          training: {per_level: 500, count: 500}
          evaluation: {per_level: 300, count: 300}
          sample_count: 128
        regions:
          hidden_size: 256
          sample_count: 128
      optimizer:
        algorithm: adamw
        learning_rate: 0.001
        weight_decay: 0.05
        warmup_images: 72
        decay: cosine
      trainer:
        steps: 900
        report_every: 20
        evaluate_every: 300
        save_every: 300
        gradient_clip: 10
      views:
        short_side_from: 240
        short_side_to: 320
        long_side: 427
        labeled_color: always
      evaluation:
        short_side: 288
        long_side: 384
        batch_size: 4

      """##
    ),
    (
      "bccd-soft-teacher",
      ##"""
      # Soft Teacher with ResNet-50-FPN for few labelled and a few hundred unlabelled photographs at full size, on a GPU.
      extends: bccd
      method:
        name: soft-teacher
        labeled_images: 4
        unlabeled_images: 8
        batches: {composition: fixed}
        unlabeled_weight: 2
        burn_in_images: 6000
        memory_images: 6000
        thresholds:
          proposal_score: 0.7
          class_score: 0.8
          box_uncertainty: 0.03
      optimizer:
        warmup_images: 2400

      """##
    ),
    (
      "bccd-unbiased-teacher",
      ##"""
      # Unbiased Teacher on few labelled and a few hundred unlabelled photographs at full size with ResNet-50-FPN, on a GPU.
      # The views that its results were measured with, not the release's: colour operations and erased rectangles, sizes of their own.
      extends: bccd
      method:
        name: unbiased-teacher
        labeled_images: 4
        unlabeled_images: 8
        unlabeled_weight: 0.7
        burn_in_images: 6000
        memory_images: 6000
        thresholds: {candidate_score: 0.7, proposal_score: 0.7, class_score: 0.7}
      optimizer:
        warmup_images: 2400
      views:
        shares_geometry: false
        strong_augmentation:
          color_probability: 1
          geometry_probability: 0
          erase_probability: 1
          jitter: {probability: 0}
          grey_probability: 0
          blur: {probability: 0}
          noise: {probabilities: []}

      """##
    ),
    (
      "bccd",
      ##"""
      # ResNet-50-FPN for a few hundred photographs at full size, on a GPU; give --weights with the backbone's published ones.
      method:
        name: supervised
        labeled_images: 4
      model:
        backbone:
          kind: resnet50
        anchor_sizes: [16, 32, 64, 128, 256]
      optimizer:
        learning_rate: 0.01
        warmup_images: 800
        decay: step
      trainer:
        steps: 4000
        evaluate_every: 500
        save_every: 500
        gradient_clip: 35
      views:
        short_side_from: 480
        short_side_to: 800
        long_side: 1067
      evaluation:
        short_side: 640
        long_side: 854
        batch_size: 4

      """##
    ),
    (
      "camvid-small-classmix",
      ##"""
      # ClassMix on a few hundred street images at 240×180, some dozens of them with masks, on two cores.
      extends: camvid-small
      method:
        name: classmix
        labeled_images: 4
        unlabeled_images: 4
        threshold: 0.9
        memory_images: 800
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-cpc",
      ##"""
      # camvid-small-random after its encoder has learnt all images without their labels by CPC, those of --unlabeled too, on two cores.
      extends: camvid-small-random
      pretraining:
        kind: cpc
        steps: 500
        cpc:
          images: 16
          patch: 32
          stride: 16
          rows: 5
          columns: 7
          predict_from: 2
          predict_to: 3
          context_blocks: 3
          context_width: 128
          patch_jitter: 4
        optimizer:
          algorithm: adamw
          learning_rate: 0.001
          weight_decay: 0.01
          warmup_images: 960
          decay: cosine

      """##
    ),
    (
      "camvid-small-cps",
      ##"""
      # CPS on a few hundred street images at 240×180, some dozens of them with masks, on two cores.
      extends: camvid-small
      method:
        name: cps
        labeled_images: 4
        unlabeled_images: 4
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-cutmix-mean-teacher",
      ##"""
      # CutMix-Seg on a few hundred street images at 240×180, some dozens of them with masks, on two cores.
      extends: camvid-small
      method:
        name: cutmix-mean-teacher
        labeled_images: 4
        unlabeled_images: 4
        threshold: 0.9
        memory_images: 800
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-dual-teacher",
      ##"""
      # Dual Teacher on a few hundred street images at 240×180, some dozens of them with masks, on two cores. A pass over so few images is no turn.
      extends: camvid-small
      method:
        name: dual-teacher
        labeled_images: 4
        unlabeled_images: 4
        threshold: 0.9
        memory_images: 800
        turn_images: 640
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-fixmatch-ctaugment",
      ##"""
      # FixMatch whose strong views are made by CTAugment, otherwise as camvid-small-fixmatch. Its 3200 probes use a bin twenty times, so rates must
      # learn faster than in the release, whose runs are thousands of times as long (decay 0.99).
      extends: camvid-small-fixmatch
      views:
        strong_augmentation:
          policy: ctaugment
          ctaugment: {decay: 0.9}

      """##
    ),
    (
      "camvid-small-fixmatch-randaugment",
      ##"""
      # FixMatch whose strong views are made by RandAugment, otherwise as camvid-small-fixmatch.
      extends: camvid-small-fixmatch
      views:
        strong_augmentation: {policy: randaugment}

      """##
    ),
    (
      "camvid-small-fixmatch",
      ##"""
      # FixMatch on a few hundred street images at 240×180, some dozens of them with masks, on two cores.
      extends: camvid-small
      method:
        name: fixmatch
        labeled_images: 4
        unlabeled_images: 4
        threshold: 0.9
        balances_pseudo_labels: true
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-mean-teacher",
      ##"""
      # Mean Teacher on a few hundred street images at 240×180, some dozens of them with masks, on two cores.
      extends: camvid-small
      method:
        name: mean-teacher
        labeled_images: 4
        unlabeled_images: 4
        ramp_images: 1600
        memory_images: 800
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-pi-model",
      ##"""
      # Π-model on a few hundred street images at 240×180, some dozens of them with masks, on two cores. 12.5 is 100 times a labelled share of an eighth.
      extends: camvid-small
      method:
        name: pi-model
        labeled_images: 4
        unlabeled_images: 4
        unlabeled_weight: 12.5
        ramp_images: 1600
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-pseudo-seg",
      ##"""
      # PseudoSeg on a few hundred street images at 240×180, some dozens of them with masks, on two cores.
      extends: camvid-small
      method:
        name: pseudo-seg
        labeled_images: 4
        unlabeled_images: 4
      views:
        strong_augmentation:
          # The release's: colours always, neither grey nor blur, one square hole of 100 of 513 pixels a side.
          jitter: {probability: 1}
          grey_probability: 0
          blur: {probability: 0}
          cutout: {probability: 1, area_from: 0.038, area_to: 0.038, ratio_from: 1, ratio_to: 1, fill: grey}
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-random",
      ##"""
      # The network of camvid-small from random weights, on labels alone: what camvid-small-cpc is measured against.
      extends: camvid-small
      initial_weights: random

      """##
    ),
    (
      "camvid-small-segformer-dual-teacher",
      ##"""
      # Dual Teacher as released, on SegFormer-B0: a few hundred street images at 240×180, two cores; wants --weights of nvidia/mit-b0.
      extends: camvid-small-segformer
      method:
        name: dual-teacher
        labeled_images: 4
        unlabeled_images: 4
        memory_images: 800
        turn_images: 640

      """##
    ),
    (
      "camvid-small-segformer",
      ##"""
      # SegFormer-B0 with its paper's optimizer on a few hundred street images at 240×180, on two cores; wants --weights of nvidia/mit-b0.
      extends: camvid-small
      model:
        kind: segformer_b0
      optimizer:
        learning_rate: 0.00006
        head_learning_rate_factor: 10
        weight_decay: 0.01
        decays_norms: false
        warmup_images: 480
        warmup_factor: 0.000001
        power: 1
      trainer: {steps: 1600, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-self-training",
      ##"""
      # Self-training without strong augmentation on a few hundred street images at 240×180, on two cores: what ST is measured against.
      extends: camvid-small
      method:
        name: self-training
        labeled_images: 4
        unlabeled_images: 4
        batches: {composition: fixed}
        teacher_steps: 400
        labeling: {short_side: 180, long_side: 240, scales: [0.75, 1, 1.5], mirrored: true, batch_size: 4}
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-st++",
      ##"""
      # ST++ on a few hundred street images at 240×180, some dozens of them with masks, on two cores.
      extends: camvid-small
      method:
        name: st++
        labeled_images: 4
        unlabeled_images: 4
        batches: {composition: fixed}
        teacher_steps: 400
        retraining_steps: 600
        labeling: {short_side: 180, long_side: 240, scales: [0.75, 1, 1.5], mirrored: true, batch_size: 4}
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-st",
      ##"""
      # ST on a few hundred street images at 240×180, some dozens of them with masks, on two cores.
      extends: camvid-small
      method:
        name: st
        labeled_images: 4
        unlabeled_images: 4
        batches: {composition: fixed}
        teacher_steps: 400
        labeling: {short_side: 180, long_side: 240, scales: [0.75, 1, 1.5], mirrored: true, batch_size: 4}
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-temporal-ensembling",
      ##"""
      # Temporal Ensembling on a few hundred street images at 240×180, some dozens of them with masks, on two cores. 3.75 is 30 times a labelled share of an eighth.
      extends: camvid-small
      method:
        name: temporal-ensembling
        labeled_images: 4
        unlabeled_images: 4
        unlabeled_weight: 3.75
        ramp_images: 1600
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-unimatch-v2",
      ##"""
      # UniMatch V2 on a few hundred street images at 240×180, some dozens of them with masks, on two cores.
      extends: camvid-small
      method:
        name: unimatch-v2
        labeled_images: 4
        unlabeled_images: 4
        threshold: 0.9
        balances_pseudo_labels: true
        memory_images: 2000
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small-unimatch",
      ##"""
      # UniMatch on a few hundred street images at 240×180, some dozens of them with masks, on two cores.
      extends: camvid-small
      method:
        name: unimatch
        labeled_images: 4
        unlabeled_images: 4
        threshold: 0.9
        balances_pseudo_labels: true
      trainer: {steps: 800, evaluate_every: 200}

      """##
    ),
    (
      "camvid-small",
      ##"""
      # DeepLabv3+ on EfficientNet-Lite0 for a few hundred images of a street at 240×180, some dozens of them with masks, on two cores.
      task: segmentation
      method:
        name: supervised
        labeled_images: 8
      model:
        kind: deeplabv3plus_light
      views:
        resize: own
        scale_from: 0.35
        scale_to: 0.75
        crop_height: 176
        crop_width: 240
      loss: {balance: square_root}
      optimizer:
        algorithm: adamw
        learning_rate: 0.001
        head_learning_rate_factor: 3
        weight_decay: 0.01
        warmup_images: 160
        decay: polynomial
      trainer:
        steps: 400
        report_every: 20
        evaluate_every: 100
        save_every: 100
        gradient_clip: 10
      evaluation:
        short_side: 180
        long_side: 240
        batch_size: 4

      """##
    ),
    (
      "cityscapes-1-30-self-training",
      ##"""
      # Self-training without strong augmentation on 1/30 of Cityscapes (2,975 images), published settings; not run here.
      extends: cityscapes-1-30
      method:
        name: self-training
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 3000
      trainer:
        steps: 86625
        evaluate_every: 4300

      """##
    ),
    (
      "cityscapes-1-30-st++",
      ##"""
      # ST++ on 1/30 of Cityscapes (2,975 images), published settings; not run here.
      extends: cityscapes-1-30
      method:
        name: st++
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 3000
        retraining_steps: 44055
      trainer:
        steps: 86625
        evaluate_every: 4300

      """##
    ),
    (
      "cityscapes-1-30-st",
      ##"""
      # ST on 1/30 of Cityscapes (2,975 images), published settings; not run here.
      extends: cityscapes-1-30
      method:
        name: st
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 3000
      trainer:
        steps: 86625
        evaluate_every: 4300

      """##
    ),
    (
      "cityscapes-1-30",
      ##"""
      # 1/30 of Cityscapes (2,975 images): the supervised baseline with ST++'s published settings, DeepLabv3+ on ResNet-50, for GPUs; not run here.
      # Other networks: as voc-1-16 says.
      extends: voc-1-16
      views:
        base_size: 2048
        crop_height: 721
        crop_width: 721
      optimizer:
        learning_rate: 0.004
      trainer:
        steps: 3000
        evaluate_every: 150

      """##
    ),
    (
      "cityscapes-1-4-self-training",
      ##"""
      # Self-training without strong augmentation on 1/4 of Cityscapes (2,975 images), published settings; not run here.
      extends: cityscapes-1-4
      method:
        name: self-training
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 11160
      trainer:
        steps: 66945
        evaluate_every: 3300

      """##
    ),
    (
      "cityscapes-1-4-st++",
      ##"""
      # ST++ on 1/4 of Cityscapes (2,975 images), published settings; not run here.
      extends: cityscapes-1-4
      method:
        name: st++
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 11160
        retraining_steps: 39045
      trainer:
        steps: 66945
        evaluate_every: 3300

      """##
    ),
    (
      "cityscapes-1-4-st",
      ##"""
      # ST on 1/4 of Cityscapes (2,975 images), published settings; not run here.
      extends: cityscapes-1-4
      method:
        name: st
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 11160
      trainer:
        steps: 66945
        evaluate_every: 3300

      """##
    ),
    (
      "cityscapes-1-4",
      ##"""
      # 1/4 of Cityscapes (2,975 images): the supervised baseline with ST++'s published settings, DeepLabv3+ on ResNet-50, for GPUs; not run here.
      # Other networks: as voc-1-16 says.
      extends: cityscapes-1-30
      trainer:
        steps: 11160
        evaluate_every: 550

      """##
    ),
    (
      "cityscapes-1-8-self-training",
      ##"""
      # Self-training without strong augmentation on 1/8 of Cityscapes (2,975 images), published settings; not run here.
      extends: cityscapes-1-8
      method:
        name: self-training
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 5580
      trainer:
        steps: 78105
        evaluate_every: 3900

      """##
    ),
    (
      "cityscapes-1-8-st++",
      ##"""
      # ST++ on 1/8 of Cityscapes (2,975 images), published settings; not run here.
      extends: cityscapes-1-8
      method:
        name: st++
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 5580
        retraining_steps: 41835
      trainer:
        steps: 78105
        evaluate_every: 3900

      """##
    ),
    (
      "cityscapes-1-8-st",
      ##"""
      # ST on 1/8 of Cityscapes (2,975 images), published settings; not run here.
      extends: cityscapes-1-8
      method:
        name: st
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 5580
      trainer:
        steps: 78105
        evaluate_every: 3900

      """##
    ),
    (
      "cityscapes-1-8",
      ##"""
      # 1/8 of Cityscapes (2,975 images): the supervised baseline with ST++'s published settings, DeepLabv3+ on ResNet-50, for GPUs; not run here.
      # Other networks: as voc-1-16 says.
      extends: cityscapes-1-30
      trainer:
        steps: 5580
        evaluate_every: 270

      """##
    ),
    (
      "coco-10pct",
      ##"""
      # Soft Teacher as published for 10 % of COCO's labels: 8 labelled and 32 unlabelled images a step; its authors took 8 GPUs of 16 GB.
      # One machine of less memory takes the same steps: --micro-batch 5 has 1 labelled and 4 unlabelled images in memory at a time, --micro-batch
      # auto as many as fit. 180 000 steps see 7.2 million images: --dry-run shows how long a step takes.
      method:
        name: soft-teacher
        labeled_images: 8
        unlabeled_images: 32
        batches: {composition: drawn, drawn_together: 5}
        unlabeled_weight: 4
      model:
        backbone:
          kind: resnet50
      optimizer:
        learning_rate: 0.01
        warmup_images: 20000
        decay: step
        milestones: [0.666667, 0.888889]
      trainer:
        steps: 180000
        report_every: 50
        evaluate_every: 4000
        save_every: 4000
      views:
        short_side_from: 400
        short_side_to: 1200
        long_side: 1333
      evaluation:
        short_side: 800
        long_side: 1333
        batch_size: 4

      """##
    ),
    (
      "coco-1pct",
      ##"""
      # Soft Teacher as published for 1 % of COCO's labels: 8 labelled and 32 unlabelled images a step; its authors took 8 GPUs of 16 GB.
      # One machine of less memory takes the same steps: --micro-batch 5 has 1 labelled and 4 unlabelled images in memory at a time, --micro-batch
      # auto as many as fit. 180 000 steps see 7.2 million images: --dry-run shows how long a step takes.
      extends: coco-10pct

      """##
    ),
    (
      "coco-5pct",
      ##"""
      # Soft Teacher as published for 5 % of COCO's labels: 8 labelled and 32 unlabelled images a step; its authors took 8 GPUs of 16 GB.
      # One machine of less memory takes the same steps: --micro-batch 5 has 1 labelled and 4 unlabelled images in memory at a time, --micro-batch
      # auto as many as fit. 180 000 steps see 7.2 million images: --dry-run shows how long a step takes.
      extends: coco-10pct

      """##
    ),
    (
      "coco-full",
      ##"""
      # Soft Teacher as published for all of COCO's labels and its unlabelled images: 32 of each a step; its authors took 8 GPUs of 16 GB.
      # One machine of less memory takes the same steps: --micro-batch 2 has 1 labelled and 1 unlabelled image in memory at a time, --micro-batch
      # auto as many as fit. 720 000 steps see 46 million images: --dry-run shows how long a step takes.
      extends: coco-10pct
      method:
        labeled_images: 32
        unlabeled_images: 32
        batches: {drawn_together: 8}
        unlabeled_weight: 2
        memory_images: 64000
      optimizer:
        warmup_images: 32000
      trainer:
        steps: 720000

      """##
    ),
    (
      "demo-mean-teacher",
      ##"""
      # Mean Teacher with hard pseudo-boxes on the generated set of 128×128 images, a tenth of them labelled.
      extends: demo
      method:
        name: mean-teacher
        labeled_images: 4
        unlabeled_images: 4
        unlabeled_weight: 0.7
        burn_in_images: 4800
        memory_images: 400
        thresholds: {candidate_score: 0.8, proposal_score: 0.8, class_score: 0.8}
      optimizer:
        warmup_images: 800
      views:
        teacher_short_side_from: 152
        labeled_color: as_method
        strong_augmentation:
          geometry_probability: 0.5
          rotation: 10
          shear: 8

      """##
    ),
    (
      "demo-self-training",
      ##"""
      # Self-training in stages on the generated set of 128×128 images, a tenth of them labelled.
      extends: demo
      method:
        name: self-training
        labeled_images: 4
        unlabeled_images: 4
        unlabeled_weight: 0.7
        teacher_memory_images: 200
        memory_images: 400
        thresholds: {candidate_score: 0.8, proposal_score: 0.8, class_score: 0.8}
      optimizer:
        warmup_images: 800
      views:
        teacher_short_side_from: 152
        labeled_color: as_method
        strong_augmentation:
          geometry_probability: 0.5
          rotation: 10
          shear: 8

      """##
    ),
    (
      "demo-soft-teacher",
      ##"""
      # Soft Teacher on the generated set of 128×128 images, a tenth of them labelled: the demo, which shortens it.
      extends: demo
      method:
        name: soft-teacher
        labeled_images: 4
        unlabeled_images: 4
        batches: {composition: fixed}
        unlabeled_weight: 0.7
        burn_in_images: 4800
        memory_images: 400
        thresholds:
          candidate_score: 0.4
          proposal_score: 0.4
          class_score: 0.9
          box_uncertainty: 0.05
      optimizer:
        warmup_images: 800
      views:
        teacher_short_side_from: 152
        labeled_color: as_method
        strong_augmentation:
          geometry_probability: 0.5
          rotation: 10
          shear: 8

      """##
    ),
    (
      "demo-unbiased-teacher",
      ##"""
      # Unbiased Teacher on the generated set of 128×128 images, a tenth of them labelled.
      # The views that its results were measured with, not the release's: colour operations and erased rectangles, sizes of their own.
      extends: demo
      method:
        name: unbiased-teacher
        labeled_images: 4
        unlabeled_images: 4
        unlabeled_weight: 0.7
        burn_in_images: 4800
        memory_images: 400
        thresholds: {candidate_score: 0.7, proposal_score: 0.7, class_score: 0.7}
      optimizer:
        warmup_images: 800
      views:
        teacher_short_side_from: 152
        labeled_color: never
        shares_geometry: false
        strong_augmentation:
          color_probability: 1
          geometry_probability: 0
          erase_probability: 1
          jitter: {probability: 0}
          grey_probability: 0
          blur: {probability: 0}
          noise: {probabilities: []}

      """##
    ),
    (
      "demo-weak",
      ##"""
      # demo without colour operations on labelled views: what Soft Teacher's labelled augmentation is measured against.
      extends: demo
      views:
        labeled_color: never

      """##
    ),
    (
      "demo",
      ##"""
      # A light detector on the generated set of 128×128 images: the supervised baseline of the demo, which shortens it.
      method:
        name: supervised
        labeled_images: 4
      model:
        backbone:
          kind: efficientnet_lite0
          norm: trained
          frozen_stages: 0
          pyramid_width: 64
        anchor_sizes: [12, 24, 48, 96, 192]
        proposals:
          training: {per_level: 300, count: 300}
          evaluation: {per_level: 200, count: 200}
          sample_count: 128
        regions:
          hidden_size: 256
          sample_count: 64
      optimizer:
        algorithm: adamw
        learning_rate: 0.001
        weight_decay: 0.05
        warmup_images: 400
        decay: cosine
      trainer:
        steps: 2400
        report_every: 20
        evaluate_every: 600
        save_every: 600
        gradient_clip: 10
      views:
        short_side_from: 112
        short_side_to: 192
        long_side: 240
        labeled_color: always
        strong_augmentation:
          color_magnitude_to: 5
      evaluation:
        short_side: 160
        long_side: 200
        batch_size: 8

      """##
    ),
    (
      "masks-small-classmix",
      ##"""
      # ClassMix for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-classmix
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-cps",
      ##"""
      # CPS for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-cps
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-cutmix-mean-teacher",
      ##"""
      # CutMix-Seg for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-cutmix-mean-teacher
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-dual-teacher",
      ##"""
      # Dual Teacher for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-dual-teacher
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-fixmatch",
      ##"""
      # FixMatch for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-fixmatch
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-mean-teacher",
      ##"""
      # Mean Teacher for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-mean-teacher
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-pi-model",
      ##"""
      # Π-model for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-pi-model
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-pseudo-seg",
      ##"""
      # PseudoSeg for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-pseudo-seg
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-self-training",
      ##"""
      # Self-training without strong augmentation for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-self-training
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}
      method:
        labeling: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-st++",
      ##"""
      # ST++ for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-st++
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}
      method:
        labeling: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-st",
      ##"""
      # ST for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-st
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}
      method:
        labeling: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-temporal-ensembling",
      ##"""
      # Temporal Ensembling for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-temporal-ensembling
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-unimatch-v2",
      ##"""
      # UniMatch V2 for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-unimatch-v2
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small-unimatch",
      ##"""
      # UniMatch for some dozens of own images with masks and some hundreds without, shorter side 240, on two cores.
      extends: camvid-small-unimatch
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation: {short_side: 240, long_side: 426}

      """##
    ),
    (
      "masks-small",
      ##"""
      # A light segmenter for some dozens of own images with masks, shorter side 240, any number of classes, on two cores.
      extends: camvid-small
      views:
        resize: base
        base_size: 320
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 240
        crop_width: 240
      evaluation:
        short_side: 240
        long_side: 426

      """##
    ),
    (
      "shapes-classmix",
      ##"""
      # ClassMix on the generated set of 128×128 images, a tenth of them with masks.
      extends: shapes
      method:
        name: classmix
        labeled_images: 8
        unlabeled_images: 8
        threshold: 0.9
        memory_images: 1200
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes-cps",
      ##"""
      # CPS on the generated set of 128×128 images, a tenth of them with masks.
      extends: shapes
      method:
        name: cps
        labeled_images: 8
        unlabeled_images: 8
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes-cutmix-mean-teacher",
      ##"""
      # CutMix-Seg on the generated set of 128×128 images, a tenth of them with masks.
      extends: shapes
      method:
        name: cutmix-mean-teacher
        labeled_images: 8
        unlabeled_images: 8
        threshold: 0.9
        memory_images: 1200
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes-dual-teacher",
      ##"""
      # Dual Teacher on the generated set of 128×128 images, a tenth of them with masks. A pass over so few images is no turn.
      extends: shapes
      method:
        name: dual-teacher
        labeled_images: 8
        unlabeled_images: 8
        threshold: 0.9
        memory_images: 1200
        turn_images: 960
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes-fixmatch",
      ##"""
      # FixMatch on the generated set of 128×128 images, a tenth of them with masks.
      extends: shapes
      method:
        name: fixmatch
        labeled_images: 8
        unlabeled_images: 8
        threshold: 0.9
        balances_pseudo_labels: true
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes-mean-teacher",
      ##"""
      # Mean Teacher on the generated set of 128×128 images, a tenth of them with masks.
      extends: shapes
      method:
        name: mean-teacher
        labeled_images: 8
        unlabeled_images: 8
        ramp_images: 2400
        memory_images: 1200
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes-pi-model",
      ##"""
      # Π-model on the generated set of 128×128 images, a tenth of them with masks. 10 is 100 times a labelled share of a tenth.
      extends: shapes
      method:
        name: pi-model
        labeled_images: 8
        unlabeled_images: 8
        unlabeled_weight: 10
        ramp_images: 2400
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes-pseudo-seg",
      ##"""
      # PseudoSeg on the generated set of 128×128 images, a tenth of them with masks.
      extends: shapes
      method:
        name: pseudo-seg
        labeled_images: 8
        unlabeled_images: 8
      views:
        strong_augmentation:
          # The release's: colours always, neither grey nor blur, one square hole of 100 of 513 pixels a side.
          jitter: {probability: 1}
          grey_probability: 0
          blur: {probability: 0}
          cutout: {probability: 1, area_from: 0.038, area_to: 0.038, ratio_from: 1, ratio_to: 1, fill: grey}
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes-self-training",
      ##"""
      # Self-training without strong augmentation on the generated set of 128×128 images, a tenth of them with masks: what ST is measured against.
      extends: shapes
      method:
        name: self-training
        labeled_images: 8
        unlabeled_images: 8
        batches: {composition: fixed}
        teacher_steps: 300
        labeling: {scales: [1, 1.5], mirrored: true, batch_size: 8}
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes-st++",
      ##"""
      # ST++ on the generated set of 128×128 images, a tenth of them with masks: the demo of seg-train.
      extends: shapes
      method:
        name: st++
        labeled_images: 8
        unlabeled_images: 8
        batches: {composition: fixed}
        labeling: {scales: [1, 1.5], mirrored: true, batch_size: 8}

      """##
    ),
    (
      "shapes-st",
      ##"""
      # ST on the generated set of 128×128 images, a tenth of them with masks.
      extends: shapes
      method:
        name: st
        labeled_images: 8
        unlabeled_images: 8
        batches: {composition: fixed}
        teacher_steps: 300
        labeling: {scales: [1, 1.5], mirrored: true, batch_size: 8}
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes-temporal-ensembling",
      ##"""
      # Temporal Ensembling on the generated set of 128×128 images, a tenth of them with masks. 3 is 30 times a labelled share of a tenth.
      extends: shapes
      method:
        name: temporal-ensembling
        labeled_images: 8
        unlabeled_images: 8
        unlabeled_weight: 3
        ramp_images: 2400
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes-unimatch-v2",
      ##"""
      # UniMatch V2 on the generated set of 128×128 images, a tenth of them with masks.
      extends: shapes
      method:
        name: unimatch-v2
        labeled_images: 8
        unlabeled_images: 8
        threshold: 0.9
        balances_pseudo_labels: true
        memory_images: 3000
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes-unimatch",
      ##"""
      # UniMatch on the generated set of 128×128 images, a tenth of them with masks.
      extends: shapes
      method:
        name: unimatch
        labeled_images: 8
        unlabeled_images: 8
        threshold: 0.9
        balances_pseudo_labels: true
      trainer: {steps: 600, evaluate_every: 200}

      """##
    ),
    (
      "shapes",
      ##"""
      # A light segmenter on the generated set of 128×128 images: the supervised baseline of the demo of seg-train.
      task: segmentation
      method:
        name: supervised
        labeled_images: 16
      model:
        kind: deeplabv3plus_light
      views:
        resize: own
        scale_from: 0.75
        scale_to: 1.5
        crop_height: 128
        crop_width: 128
      loss: {balance: square_root}
      optimizer:
        algorithm: adamw
        learning_rate: 0.001
        head_learning_rate_factor: 3
        weight_decay: 0.01
        warmup_images: 320
        decay: polynomial
      trainer:
        steps: 300
        report_every: 20
        evaluate_every: 100
        save_every: 100
        gradient_clip: 10
      evaluation:
        batch_size: 8

      """##
    ),
    (
      "voc-1-16-self-training",
      ##"""
      # Self-training without strong augmentation on 1/16 of Pascal VOC with its extra masks (10,582 images), published settings; not run here.
      extends: voc-1-16
      method:
        name: self-training
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 3310
      trainer:
        steps: 99250
        evaluate_every: 4900

      """##
    ),
    (
      "voc-1-16-st++",
      ##"""
      # ST++ on 1/16 of Pascal VOC with its extra masks (10,582 images), published settings; not run here.
      extends: voc-1-16
      method:
        name: st++
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 3310
        retraining_steps: 51280
      trainer:
        steps: 99250
        evaluate_every: 4900

      """##
    ),
    (
      "voc-1-16-st",
      ##"""
      # ST on 1/16 of Pascal VOC with its extra masks (10,582 images), published settings; not run here.
      extends: voc-1-16
      method:
        name: st
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 3310
      trainer:
        steps: 99250
        evaluate_every: 4900

      """##
    ),
    (
      "voc-1-16",
      ##"""
      # 1/16 of Pascal VOC with its extra masks (10,582 images): the supervised baseline with ST++'s published settings, DeepLabv3+ on ResNet-50, for GPUs; not run here.
      # Other networks: --set model.backbone.kind=resnet101; --set model.kind=pspnet; --set model.kind=deeplabv2 with
      # --set optimizer.head_learning_rate_factor=1 and --weights of a DeepLabv2 trained on COCO, as published. --weights gives torchvision's
      # ImageNet weights of the ResNet. --micro-batch auto shares a step of 16 images out where memory is short.
      task: segmentation
      method:
        name: supervised
        labeled_images: 16
      model:
        kind: deeplabv3plus
        backbone: {output_stride: 8}
        pyramid_dropout: 0.5
        dropout: 0.1
      views:
        base_size: 400
        crop_height: 321
        crop_width: 321
      optimizer:
        algorithm: sgd
        learning_rate: 0.001
        head_learning_rate_factor: 10
        momentum: 0.9
        weight_decay: 0.0001
        decay: polynomial
        power: 0.9
      trainer:
        steps: 3310
        report_every: 50
        evaluate_every: 160
        save_every: 1000

      """##
    ),
    (
      "voc-1-4-self-training",
      ##"""
      # Self-training without strong augmentation on 1/4 of Pascal VOC with its extra masks (10,582 images), published settings; not run here.
      extends: voc-1-4
      method:
        name: self-training
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 13225
      trainer:
        steps: 92585
        evaluate_every: 4600

      """##
    ),
    (
      "voc-1-4-st++",
      ##"""
      # ST++ on 1/4 of Pascal VOC with its extra masks (10,582 images), published settings; not run here.
      extends: voc-1-4
      method:
        name: st++
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 13225
        retraining_steps: 46290
      trainer:
        steps: 92585
        evaluate_every: 4600

      """##
    ),
    (
      "voc-1-4-st",
      ##"""
      # ST on 1/4 of Pascal VOC with its extra masks (10,582 images), published settings; not run here.
      extends: voc-1-4
      method:
        name: st
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 13225
      trainer:
        steps: 92585
        evaluate_every: 4600

      """##
    ),
    (
      "voc-1-4",
      ##"""
      # 1/4 of Pascal VOC with its extra masks (10,582 images): the supervised baseline with ST++'s published settings, DeepLabv3+ on ResNet-50, for GPUs; not run here.
      # Other networks: as voc-1-16 says.
      extends: voc-1-16
      trainer:
        steps: 13225
        evaluate_every: 660

      """##
    ),
    (
      "voc-1-8-self-training",
      ##"""
      # Self-training without strong augmentation on 1/8 of Pascal VOC with its extra masks (10,582 images), published settings; not run here.
      extends: voc-1-8
      method:
        name: self-training
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 6615
      trainer:
        steps: 92600
        evaluate_every: 4600

      """##
    ),
    (
      "voc-1-8-st++",
      ##"""
      # ST++ on 1/8 of Pascal VOC with its extra masks (10,582 images), published settings; not run here.
      extends: voc-1-8
      method:
        name: st++
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 6615
        retraining_steps: 49605
      trainer:
        steps: 92600
        evaluate_every: 4600

      """##
    ),
    (
      "voc-1-8-st",
      ##"""
      # ST on 1/8 of Pascal VOC with its extra masks (10,582 images), published settings; not run here.
      extends: voc-1-8
      method:
        name: st
        labeled_images: 8
        unlabeled_images: 8
        teacher_steps: 6615
      trainer:
        steps: 92600
        evaluate_every: 4600

      """##
    ),
    (
      "voc-1-8",
      ##"""
      # 1/8 of Pascal VOC with its extra masks (10,582 images): the supervised baseline with ST++'s published settings, DeepLabv3+ on ResNet-50, for GPUs; not run here.
      # Other networks: as voc-1-16 says.
      extends: voc-1-16
      trainer:
        steps: 6615
        evaluate_every: 330

      """##
    ),
  ]
}
