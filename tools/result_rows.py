"""The rows of docs/results.md: which runs there are, in the order of the tables. tools/results measures them."""

SEEDS = (1, 2, 3)
METHODS = (("self-training", "self-training"), ("mean-teacher", "Mean Teacher"),
           ("unbiased-teacher", "Unbiased Teacher"), ("soft-teacher", "Soft Teacher"))
# As Unbiased Teacher: labelled images in a weak and in a strong view, strong views without geometric changes.
STRONG_VIEWS = ["--set", "method.labeled_strong_views=true", "--set", "views.labeled_color=never",
                "--set", "views.strong_augmentation.geometry_probability=0"]


def source(name, place, images=None, labels=None):
    return [f"--{name}", place, *([f"--{name}-images", images] if images else []),
            *([f"--{name}-list", labels] if labels else [])]


def bccd(labels="train", unlabeled=None):
    flags = source("labeled", "{bccd}", labels=labels)
    if unlabeled:
        flags += source("unlabeled", "{bccd}/JPEGImages", labels=unlabeled)
    return flags + source("validation", "{bccd}", labels="val") + source("test", "{bccd}", labels="test")


def generated(labels="{generated}/training.txt", unlabeled=None):
    place, images = "{generated}/annotations.json", "{generated}/images"
    flags = source("labeled", place, images, labels)
    if unlabeled:
        flags += source("unlabeled", images, labels=unlabeled)
    return (flags + source("validation", place, images, "{generated}/validation.txt")
            + source("test", place, images, "{generated}/test.txt"))


class Setting:
    """A set at a fraction of its labels: how its runs are named and begin."""

    def __init__(self, table, data, folds, recipe, memory, more_steps, steps=None, precision=None):
        self.table, self.data, self.folds, self.recipe = table, data, folds, recipe
        self.memory, self.more_steps = memory, more_steps
        self.shortened = ["--steps", str(steps)] if steps else []
        self.precision = precision

    def row(self, name, label, seed, *flags, labels="few", table=None, recipe=None):
        """One run; `labels` is `few`, `both` (with the unlabelled rest) or `all`. Fold and seed go together."""
        table = table or self.table
        shortened = [] if "--steps" in flags else self.shortened
        few, rest = (f"{{{self.folds}}}/fold-{seed}/{part}.txt" for part in ("labeled", "unlabeled"))
        data = {"few": self.data(few), "both": self.data(few, rest), "all": self.data()}[labels]
        if self.precision and "--precision" not in flags:
            flags += ("--precision", self.precision)
        return {"name": f"{table}-{name}-{seed}", "table": table, "label": label,
                "command": ["detect-train", *data, "--recipe", recipe or self.recipe, *flags, *shortened, "--threads",
                            "1", "--seed", str(seed)]}

    def labeled_views(self, seed):
        """Soft Teacher with other views of the labelled images than its release has: weak ones alone, strong ones too."""
        weak, adaptive = ["--set", "views.labeled_color=never"], ["--set", "method.thresholds.policy=adaptive"]
        for name, label, flags in (
                ("soft-teacher-weak", "Soft Teacher, weak labelled views", weak),
                ("soft-teacher-strong", "Soft Teacher, strong labelled views too", STRONG_VIEWS),
                ("adaptive-weak", "Soft Teacher, adaptive thresholds, weak labelled views", [*adaptive, *weak]),
                ("adaptive-strong", "Soft Teacher, adaptive thresholds, strong labelled views too",
                 [*adaptive, *STRONG_VIEWS])):
            yield self.row(name, label, seed, "--method", "soft-teacher", *flags, labels="both")

    def comparison(self, seeds, labeled_views=False):
        """The methods, their fair baselines, and all labels."""
        average = ["--set", f"method.memory_images={self.memory}"]
        for seed in seeds:
            yield self.row("weak", "supervised, averaged, weak augmentation", seed, *average, recipe=f"{self.recipe}-weak")
            yield self.row("plain", "supervised", seed)
            yield self.row("average", "supervised, averaged", seed, *average)
            yield self.row("strong", "supervised, averaged, strong labelled views too", seed, *average, *STRONG_VIEWS)
            yield self.row("longer", "supervised, averaged, equal compute", seed, *average, "--steps",
                           str(self.more_steps))
            for method, label in METHODS:
                yield self.row(method, label, seed, "--method", method, labels="both")
            yield self.row("adaptive", "Soft Teacher, adaptive thresholds", seed, "--method", "soft-teacher",
                           "--set", "method.thresholds.policy=adaptive", labels="both")
            if labeled_views:
                yield from self.labeled_views(seed)
            yield self.row("all", "supervised, all labels", seed, labels="all")

    def ablation(self, table, seed):
        """What each part of Soft Teacher does, by one seed; the row of the whole method is that of the comparison."""

        def row(name, label, *assignments):
            sets = [part for assignment in assignments for part in ("--set", f"method.{assignment}")]
            return self.row(name, label, seed, "--method", "soft-teacher", *sets, labels="both", table=table)

        plain_boxes = ["thresholds.box_filter=score", "thresholds.box_score=0.9"]
        yield row("hard", "hard boxes: neither weighting nor jitter", "background=none", *plain_boxes)
        yield row("weighting", "weighting, no jitter", *plain_boxes)
        yield row("jitter", "jitter, no weighting", "background=none")
        for measure in ("student", "prediction_difference", "iou", "reverse_iou"):
            yield row(f"measure-{measure}", f"background by {measure}", f"background={measure}")
        for score in (0.5, 0.7, 0.8, 0.95):
            yield row(f"score-{score}", f"classes over {score}", f"thresholds.class_score={score}")
        yield row("jitter-0", "0 moved boxes: all candidates' boxes", "thresholds.box_filter=none")
        for count in (5, 15):
            yield row(f"jitter-{count}", f"{count} moved boxes", f"jitter.count={count}")


GENERATED = {10: Setting("generated-10", generated, "generated-10", "demo", 200, 4800),
             5: Setting("generated-5", generated, "generated-5", "demo", 200, 2400, steps=1200, precision="bfloat16"),
             1: Setting("generated-1", generated, "generated-1", "demo", 200, 2400, steps=1200, precision="bfloat16")}
# What `auto` chose on the machine of the tables that were measured first; said since then, as it depends on the machine.
BCCD = {share: Setting(f"bccd-{share}", bccd, f"bccd-{share}", "bccd-small", 80, 1800, precision=precision)
        for share, precision in ((10, None), (5, "bfloat16"), (20, "bfloat16"))}

# What the rows of the ablation are to be seen beside.
REFERENCES = {"ablation": ("bccd-10-average-1", "bccd-10-soft-teacher-1")}
# At a tenth of the generated set all methods have one seed; these, measured first, have three.
THREE_SEEDS = ("average", "longer", "soft-teacher")


def rows():
    """All rows in the order of the tables: name, table, label, program and arguments."""
    yield from GENERATED[10].comparison(SEEDS[:1])
    for seed in SEEDS[1:]:
        yield from (row for row in GENERATED[10].comparison((seed,)) if row["name"][len("generated-10-"):-2] in THREE_SEEDS)
    yield from GENERATED[5].comparison(SEEDS)
    yield GENERATED[5].row("float32", "Soft Teacher, float32", 1, "--method", "soft-teacher", "--precision", "float32", labels="both")
    yield from GENERATED[1].comparison(SEEDS[:1])
    yield from BCCD[10].ablation("ablation", 1)
    yield from BCCD[10].comparison(SEEDS, labeled_views=True)
    yield from BCCD[5].comparison(SEEDS[:1])
    yield from BCCD[20].comparison(SEEDS[:1])
