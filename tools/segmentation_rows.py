"""The rows of docs/results.md that train segmenters. tools/results measures them with those of result_rows.py."""

SEEDS = (1, 2, 3)
# The parts of ST's strong data augmentation, and the keys that turn them off.
PARTS = {"jitter": "views.strong_augmentation.jitter.probability", "grey": "views.strong_augmentation.grey_probability",
         "blur": "views.strong_augmentation.blur.probability", "cutout": "views.strong_augmentation.cutout.probability"}
# Methods that learn labelled and unlabelled images in each step.
ONLINE = (("fixmatch", "FixMatch"), ("pseudo-seg", "PseudoSeg"), ("pi-model", "Π-model"), ("temporal-ensembling", "Temporal Ensembling"),
          ("mean-teacher", "Mean Teacher"), ("cutmix-mean-teacher", "CutMix-Seg"), ("classmix", "ClassMix"), ("cps", "CPS"),
          ("dual-teacher", "Dual Teacher"), ("unimatch", "UniMatch"), ("unimatch-v2", "UniMatch V2"))


class Setting:
    """A set at a share of its labels: where its images are, and how its runs are named and begin. Fold and seed go together."""

    def __init__(self, table, folds, source, parts, unlabeled, classes, recipe):
        self.table, self.folds, self.source, self.parts = table, folds, source, parts
        self.unlabeled, self.classes, self.recipe = unlabeled, classes, recipe

    def data(self, seed, labels):
        """The labelled part of a fold, the rest too, with or without hidden masks, or all with their labels."""
        few, rest = (f"{{{self.folds}}}/fold-{seed}/{part}.txt" for part in ("labeled", "unlabeled"))
        training, validation, test = self.parts
        flags = self.source("labeled", training, None if labels == "all" else few)
        if labels in ("both", "unaudited"):
            flags += ["--unlabeled", self.unlabeled, "--unlabeled-list", rest]
        if labels == "both":
            flags += self.source("audit", training, rest)
        return [*flags, *self.source("validation", validation), *self.source("test", test), *self.classes]

    def row(self, name, label, seed, *flags, labels="few", table=None, recipe=None):
        table = table or self.table
        return {"name": f"{table}-{name}-{seed}", "table": table, "label": label, "task": "segmentation",
                "command": ["seg-train", *self.data(seed, labels), "--recipe", recipe or self.recipe, *flags, "--threads",
                            "1", "--seed", str(seed)]}

    def comparison(self, seeds):
        """The methods, and supervised runs of as many images as each of them sees in all of its stages."""
        for seed in seeds:
            yield from self.supervised(seed)
            for method, label in (("self-training", "self-training"), ("st", "ST"), ("st++", "ST++"), *ONLINE):
                yield self.row(method, label, seed, "--method", method, labels="both")

    def all_labels(self, seed):
        yield self.row("all", "supervised, all labels", seed, labels="all")
        yield self.row("all-thrice", "supervised, all labels, three times the steps", seed, "--steps", self.thrice, labels="all")


class CamVid(Setting):
    thrice = "1200"

    def __init__(self, share):
        super().__init__(f"camvid-{share}", f"camvid-{share}", self.source, ("train", "val", "test"), "{camvid}/train",
                         ["--classes", "{camvid}/classes.txt", "--ignore-id", "11"], "camvid-small")

    @staticmethod
    def source(name, part, labels=None):
        return [f"--{name}", f"{{camvid}}/{part}", f"--{name}-masks", f"{{camvid}}/{part}annot",
                *([f"--{name}-list", labels] if labels else [])]

    def supervised(self, seed):
        yield self.row("plain", "supervised", seed)
        yield self.row("average", "supervised, averaged", seed, "--set", "method.memory_images=160")
        yield self.row("twice", "supervised, twice the steps", seed, "--steps", "800")
        # What methods that learn both kinds in each step see of the labels.
        yield self.row("half", "supervised, half the images a step, twice the steps", seed, "--set", "method.labeled_images=4", "--steps",
                       "800")
        yield self.row("thrice", "supervised, three times the steps", seed, "--steps", self.thrice)
        yield self.row("longest", "supervised, 4.5 times the steps", seed, "--steps", "1800")


class Generated(Setting):
    thrice = "900"

    def __init__(self):
        super().__init__("generated-masks", "generated-10", self.source, ("training", "validation", "test"),
                         "{generated}/images", ["--classes", "{generated}/classes.txt"], "shapes")

    @staticmethod
    def source(name, part, labels=None):
        return [f"--{name}", "{generated}/images", f"--{name}-masks", "{generated}/masks", f"--{name}-list",
                labels or f"{{generated}}/{part}.txt"]

    def supervised(self, seed):
        yield self.row("plain", "supervised", seed)
        yield self.row("average", "supervised, averaged", seed, "--set", "method.memory_images=320")
        yield self.row("twice", "supervised, twice the steps", seed, "--steps", "600")
        yield self.row("half", "supervised, half the images a step, twice the steps", seed, "--set", "method.labeled_images=8", "--steps",
                       "600")
        yield self.row("thrice", "supervised, three times the steps", seed, "--steps", self.thrice)


SHARES = (16, 8, 4)
SIXTEENTH, EIGHTH, QUARTER = map(CamVid, SHARES)
GENERATED = Generated()


def augmentation():
    """Parts of strong data augmentation in ST: one alone, and all but one; none is self-training, all is ST."""
    for part in PARTS:
        others = [flag for other, key in PARTS.items() if other != part for flag in ("--set", f"{key}=0")]
        yield EIGHTH.row(f"only-{part}", f"ST, {part} alone", 1, "--method", "st", *others, labels="both", table="camvid-sda")
    for part, key in PARTS.items():
        yield EIGHTH.row(f"no-{part}", f"ST, without {part}", 1, "--method", "st", "--set", f"{key}=0", labels="both",
                         table="camvid-sda")


# Parts whose effect is small: of one seed nothing could be said.
THREE_SEEDS = ("dual-one", "dual-cutmix", "dual-classmix", "dual-explicit", "cps-plain", "pi-1")


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
               "method.balances_pseudo_labels=false") for method, label in (
                   ("st", "ST"), ("st++", "ST++"), ("pseudo-seg", "PseudoSeg"), ("fixmatch", "FixMatch"), ("unimatch", "UniMatch"),
                   ("unimatch-v2", "UniMatch V2"))),
            ("fixmatch-plain", "FixMatch, without CutMix", "--method", "fixmatch", "--set",
             "method.cut_mix.probability=0"),
            *((f"pi-{weight}", f"Π-model, weight {weight}", "--method", "pi-model", "--set", f"method.unlabeled_weight={weight}")
              for weight in (1, 50, 200)),
            ("pi-fixed", "Π-model, the weak view fixed", "--method", "pi-model", "--set", "method.fixes_target=true")):
        for seed in SEEDS if name in THREE_SEEDS else SEEDS[:1]:
            yield EIGHTH.row(name, label, seed, *flags, labels="both", table="camvid-parts")


def selection():
    """What is learnt first in ST++."""
    for value, label in (("none", "all images, twice"), ("random", "a random half"),
                         ("pixel_threshold", "all images, pixels over 0.9"), ("dropout", "the half most stable under dropout")):
        extra = ["--set", "model.dropout=0.1"] if value == "dropout" else []
        yield EIGHTH.row(value, f"ST++, first {label}", 1, "--method", "st++", "--set", f"method.selection={value}", *extra,
                         labels="both", table="camvid-selection")


def pretraining():
    """From random weights, as ImageNet's would hide the effect: with and without CPC before, and as many images with labels alone."""
    for seed in SEEDS:
        yield EIGHTH.row("random", "supervised, random start", seed, table="camvid-pretraining", recipe="camvid-small-random")
        yield EIGHTH.row("cpc", "CPC, then supervised", seed, labels="unaudited", table="camvid-pretraining",
                         recipe="camvid-small-cpc")
    yield EIGHTH.row("random-longer", "supervised, random start, 3.5 times the steps", 1, "--steps", "1400",
                     table="camvid-pretraining", recipe="camvid-small-random")


def policies():
    """What FixMatch's strong views are made by: jitter alone, RandAugment, CTAugment; with strong data augmentation it is the reference."""
    jitter = [flag for part in ("grey", "blur", "cutout") for flag in ("--set", f"{PARTS[part]}=0")]
    key = "views.strong_augmentation"
    # Rates learn as fast as the recipe of CTAugment says.
    rates = ["--set", f"{key}.ctaugment.decay=0.9"]
    for seed in SEEDS:
        for name, label, flags in (("jitter", "jitter alone", jitter),
                                   ("randaugment", "RandAugment", ["--set", f"{key}.policy=randaugment"]),
                                   ("ctaugment", "CTAugment", ["--set", f"{key}.policy=ctaugment", *rates])):
            yield EIGHTH.row(name, f"FixMatch, {label}", seed, "--method", "fixmatch", *flags, labels="both", table="camvid-policies")


def fusion():
    """What pseudo-labels of PseudoSeg are made of; both is the method. On the generated set, why it gains nothing there."""
    for seed in SEEDS:
        for value, label in (("decoder", "the decoder alone"), ("grad_cam", "self-attention Grad-CAM alone")):
            yield EIGHTH.row(value, f"PseudoSeg, {label}", seed, "--method", "pseudo-seg", "--set", f"method.fusion={value}",
                             labels="both", table="camvid-fusion")
    for name, label, assignment in (("decoder", "the decoder alone", "fusion=decoder"),
                                    ("grad_cam", "self-attention Grad-CAM alone", "fusion=grad_cam"),
                                    ("sharper", "temperature 0.2 instead of 0.5", "temperature=0.2"),
                                    ("plain", "pseudo-labels by a plain cross-entropy", "balances_pseudo_labels=false")):
        yield GENERATED.row(name, f"PseudoSeg, {label}", 1, "--method", "pseudo-seg", "--set", f"method.{assignment}", labels="both",
                            table="generated-fusion")
    yield GENERATED.row("every-pixel", "FixMatch, every pixel (threshold 0)", 1, "--method", "fixmatch", "--set", "method.threshold=0",
                        labels="both", table="generated-fusion")


def beside(*names, seeds=SEEDS):
    """Rows of the comparison that a table of parts is to be seen beside."""
    return tuple(f"camvid-8-{name}-{seed}" for seed in seeds for name in names)


# Tables of parts hold methods against the same supervised runs as the comparison does.
SUPERVISED = ("plain", "average", "twice", "half", "thrice", "longest")
REFERENCES = {"camvid-parts": beside(*SUPERVISED, "dual-teacher", "cps", "fixmatch", "pi-model")
              + beside("st", "st++", "pseudo-seg", "unimatch", "unimatch-v2", seeds=SEEDS[:1]),
              "camvid-sda": beside(*SUPERVISED, "self-training", "st", seeds=SEEDS[:1]),
              "camvid-selection": beside(*SUPERVISED, "st", "st++", seeds=SEEDS[:1]),
              "camvid-policies": beside(*SUPERVISED, "fixmatch"),
              "camvid-fusion": beside(*SUPERVISED, "fixmatch", "pseudo-seg"),
              "generated-fusion": tuple(f"generated-masks-{name}-1" for name in
                                        ("plain", "average", "twice", "half", "thrice", "fixmatch", "pseudo-seg"))}


def rows():
    """All rows in the order of the tables."""
    yield from EIGHTH.comparison(SEEDS)
    yield from EIGHTH.all_labels(1)
    yield from SIXTEENTH.comparison(SEEDS[:1])
    yield from QUARTER.comparison(SEEDS[:1])
    yield from GENERATED.comparison(SEEDS[:1])
    yield from GENERATED.all_labels(1)
    yield from augmentation()
    yield from selection()
    yield from parts()
    yield from policies()
    yield from fusion()
    yield from pretraining()
