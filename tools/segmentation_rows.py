"""The rows of docs/results.md that train segmenters. tools/results measures them with those of result_rows.py."""

SEEDS = (1, 2, 3)
RECIPE = "camvid-small"
# The parts of ST's strong data augmentation, and the keys that turn them off.
PARTS = {"jitter": "views.strong_augmentation.jitter.probability", "grey": "views.strong_augmentation.grey_probability",
         "blur": "views.strong_augmentation.blur.probability", "cutout": "views.strong_augmentation.cutout.probability"}
# Methods that learn labelled and unlabelled images in each step.
ONLINE = (("fixmatch", "FixMatch"), ("pseudo-seg", "PseudoSeg"), ("pi-model", "Π-model"), ("temporal-ensembling", "Temporal Ensembling"),
          ("mean-teacher", "Mean Teacher"), ("cutmix-mean-teacher", "CutMix-Seg"), ("classmix", "ClassMix"), ("cps", "CPS"),
          ("dual-teacher", "Dual Teacher"), ("unimatch", "UniMatch"), ("unimatch-v2", "UniMatch V2"))


def source(name, part, labels=None):
    return [f"--{name}", f"{{camvid}}/{part}", f"--{name}-masks", f"{{camvid}}/{part}annot",
            *([f"--{name}-list", labels] if labels else [])]


def camvid(share, seed, labels):
    """Where a run's images are: the labelled part of a fold, the rest too, with or without hidden masks, or all with their labels."""
    fold = f"{{camvid-{share}}}/fold-{seed}"
    flags = source("labeled", "train", None if labels == "all" else f"{fold}/labeled.txt")
    if labels in ("both", "unaudited"):
        flags += ["--unlabeled", "{camvid}/train", "--unlabeled-list", f"{fold}/unlabeled.txt"]
    if labels == "both":
        flags += source("audit", "train", f"{fold}/unlabeled.txt")
    return [*flags, *source("validation", "val"), *source("test", "test"), "--classes", "{camvid}/classes.txt",
            "--ignore-id", "11"]


def row(share, name, label, seed, *flags, labels="few", table=None, recipe=RECIPE):
    table = table or f"camvid-{share}"
    return {"name": f"{table}-{name}-{seed}", "table": table, "label": label, "task": "segmentation",
            "command": ["seg-train", *camvid(share, seed, labels), "--recipe", recipe, *flags, "--threads", "1", "--seed",
                        str(seed)]}


def comparison(share, seeds):
    """The methods, and supervised runs of as many images as each of them sees in all of its stages."""
    for seed in seeds:
        yield row(share, "plain", "supervised", seed)
        yield row(share, "average", "supervised, averaged", seed, "--set", "method.memory_images=160")
        yield row(share, "thrice", "supervised, three times the steps", seed, "--steps", "1200")
        yield row(share, "longest", "supervised, 4.5 times the steps", seed, "--steps", "1800")
        for method, label in (("self-training", "self-training"), ("st", "ST"), ("st++", "ST++")):
            yield row(share, method, label, seed, "--method", method, labels="both")
        for method, label in ONLINE:
            yield row(share, method, label, seed, "--method", method, labels="both")


def augmentation():
    """Parts of strong data augmentation in ST: one alone, and all but one; none is self-training, all is ST."""
    for part in PARTS:
        others = [flag for other, key in PARTS.items() if other != part for flag in ("--set", f"{key}=0")]
        yield row(8, f"only-{part}", f"ST, {part} alone", 1, "--method", "st", *others, labels="both", table="camvid-sda")
    for part, key in PARTS.items():
        yield row(8, f"no-{part}", f"ST, without {part}", 1, "--method", "st", "--set", f"{key}=0", labels="both",
                  table="camvid-sda")


def parts():
    """What the parts of methods that learn in each step bring."""
    for name, label, *flags in (
            ("dual-one", "Dual Teacher, one teacher", "--method", "dual-teacher", "--set", "method.teachers=1"),
            ("dual-cutmix", "Dual Teacher, CutMix alone", "--method", "dual-teacher", "--set", "method.pool=cutmix"),
            ("dual-classmix", "Dual Teacher, ClassMix alone", "--method", "dual-teacher", "--set", "method.pool=classmix"),
            ("dual-explicit", "Dual Teacher, without implicit consistency", "--method", "dual-teacher", "--set",
             "method.implicit_weight=0"),
            ("dual-paper", "Dual Teacher, preset paper", "--method", "dual-teacher", "--set", "method.preset=paper"),
            ("cps-balanced", "CPS, rare classes count more", "--method", "cps", "--set",
             "method.balances_pseudo_labels=true"),
            ("dual-balanced", "Dual Teacher, rare classes count more", "--method", "dual-teacher", "--set",
             "method.balances_pseudo_labels=true"),
            ("cps-plain", "CPS, without CutMix", "--method", "cps", "--set", "method.cut_mix.probability=0", "--set",
             "method.unlabeled_weight=1.5"),
            *((f"{method}-unbalanced", f"{label}, pseudo-labels by a plain cross-entropy", "--method", method, "--set",
               "method.balances_pseudo_labels=false") for method, label in (("st", "ST"), ("st++", "ST++"), ("pseudo-seg", "PseudoSeg"))),
            ("fixmatch-plain", "FixMatch, without CutMix", "--method", "fixmatch", "--set",
             "method.cut_mix.probability=0")):
        yield row(8, name, label, 1, *flags, labels="both", table="camvid-parts")


def selection():
    """What is learnt first in ST++."""
    for value, label in (("none", "all images, twice"), ("random", "a random half"),
                         ("pixel_threshold", "all images, pixels over 0.9"), ("dropout", "the half most stable under dropout")):
        extra = ["--set", "model.dropout=0.1"] if value == "dropout" else []
        yield row(8, value, f"ST++, first {label}", 1, "--method", "st++", "--set", f"method.selection={value}", *extra,
                  labels="both", table="camvid-selection")


def pretraining():
    """From random weights, as ImageNet's would hide the effect: with and without CPC before, and as many images with labels alone."""
    for seed in SEEDS:
        yield row(8, "random", "supervised, random start", seed, table="camvid-pretraining", recipe="camvid-small-random")
        yield row(8, "cpc", "CPC, then supervised", seed, labels="unaudited", table="camvid-pretraining",
                  recipe="camvid-small-cpc")
    yield row(8, "random-longer", "supervised, random start, 3.5 times the steps", 1, "--steps", "1400",
              table="camvid-pretraining", recipe="camvid-small-random")


def policies():
    """What FixMatch's strong views are made by: jitter alone, RandAugment, CTAugment; with strong data augmentation it is the reference."""
    jitter = [flag for part in ("grey", "blur", "cutout") for flag in ("--set", f"{PARTS[part]}=0")]
    yield row(8, "jitter", "FixMatch, jitter alone", 1, "--method", "fixmatch", *jitter, labels="both", table="camvid-policies")
    key = "views.strong_augmentation"
    # Rates learn as fast as the recipe of CTAugment says.
    for policy, label, extra in (("randaugment", "RandAugment", []), ("ctaugment", "CTAugment", ["--set", f"{key}.ctaugment.decay=0.9"])):
        yield row(8, policy, f"FixMatch, {label}", 1, "--method", "fixmatch", "--set", f"{key}.policy={policy}", *extra,
                  labels="both", table="camvid-policies")


def fusion():
    """What pseudo-labels of PseudoSeg are made of; both is the method."""
    for value, label in (("decoder", "the decoder alone"), ("grad_cam", "self-attention Grad-CAM alone")):
        yield row(8, value, f"PseudoSeg, {label}", 1, "--method", "pseudo-seg", "--set", f"method.fusion={value}", labels="both",
                  table="camvid-fusion")


REFERENCES = {"camvid-parts": ("camvid-8-plain-1", "camvid-8-st-1", "camvid-8-st++-1", "camvid-8-pseudo-seg-1", "camvid-8-dual-teacher-1",
                               "camvid-8-cps-1", "camvid-8-fixmatch-1"),
              "camvid-sda": ("camvid-8-plain-1", "camvid-8-self-training-1", "camvid-8-st-1"),
              "camvid-selection": ("camvid-8-plain-1", "camvid-8-st-1", "camvid-8-st++-1"),
              "camvid-policies": ("camvid-8-plain-1", "camvid-8-fixmatch-1"),
              "camvid-fusion": ("camvid-8-plain-1", "camvid-8-fixmatch-1", "camvid-8-pseudo-seg-1")}
SHARES = (16, 8, 4)


def rows():
    """All rows in the order of the tables."""
    yield from comparison(8, SEEDS)
    yield row(8, "all", "supervised, all labels", 1, labels="all")
    yield row(8, "all-thrice", "supervised, all labels, three times the steps", 1, "--steps", "1200", labels="all")
    yield from comparison(16, SEEDS[:1])
    yield from comparison(4, SEEDS[:1])
    yield from augmentation()
    yield from selection()
    yield from parts()
    yield from policies()
    yield from fusion()
    yield from pretraining()
