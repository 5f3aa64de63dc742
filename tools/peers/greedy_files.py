"""Files that are made to take much memory or time, for `tools/check-memory`."""
import os
from dataclasses import dataclass


@dataclass
class Case:
    """One file with what stands beside it, and the command line in which `@` is their folder."""
    reader: str
    shape: str
    files: dict
    command: list

    def write(self, folder):
        """Writes the files; gives their size together."""
        size = 0
        for name, text in self.files.items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                size += file.write(text.encode())
        return size


def repeated(unit, size, separator=","):
    return separator.join([unit] * (size // len((unit + separator).encode())))


def numbered(form, size, separator=","):
    """Units with a number in them, each another."""
    parts, total = [], 0
    while total < size:
        parts.append(form.replace("#", f"{len(parts):x}"))
        total += len(parts[-1].encode()) + len(separator)
    return separator.join(parts)


def values(size):
    """Values of JSON by what they are made of."""
    def array(unit):
        return "[" + repeated(unit, size) + "]"

    def nested(depth):
        return array("[" * depth + "1" + "]" * depth)

    return {
        "numbers": array("1"), "exponents": array("1e5"), "-0": array("-0"), "long numbers": array("1.2345678901234567"),
        "words": array("true"), "empty arrays": array("[]"), "empty objects": array("{}"), "arrays of one": array("[1]"),
        "points": array("[1,1]"), "arrays in arrays": nested(14), "50 levels of arrays": nested(50),
        "objects of one": array('{"":1}'), "objects in objects": array('{"":' * 12 + "1" + "}" * 12),
        "40 levels of objects": array('{"":' * 40 + "1" + "}" * 40), "keys": "{" + numbered('"#":1', size) + "}",
        "keys of arrays": "{" + numbered('"#":[1]', size) + "}", "keys beyond ASCII": "{" + numbered('"é#":1', size) + "}",
        "keys with escapes": "{" + numbered('"\\u0061#":1', size) + "}", "texts": array('""'),
        "texts beyond ASCII": array('"é"'), "texts with escapes": array('"\\n"'), "one text": '"' + "a" * size + '"',
        "one text beyond ASCII": '"' + "é" * (size // 2) + '"', "one text of escapes": '"' + "\\n" * (size // 2) + '"',
        "arrays beside é": array("[1]")[:-1] + ',"é"]', "objects beside é": array("{}")[:-1] + ',"é"]',
        "white space": "[" + " " * size + "]", "a broken end": array("[1]")[:-1] + ",}",
    }


def elements(size):
    """What stands in an element of XML."""
    def same(unit):
        return repeated(unit, size, "")

    return {
        "elements of one name": same("<x>1</x>"), "empty elements": same("<x/>"), "objects": same("<object/>"),
        "elements of many names": numbered("<x#>1</x#>", size, ""), "one text": "<x>" + "a" * size + "</x>",
        "attributes": "<x " + numbered('a#="1"', size, " ") + "/>", "entities": "<x>" + same("&lt;") + "</x>",
        "comments": same("<!---->"), "sections": same("<x><![CDATA[]]></x>"), "images": same("<image/>"),
        "attribute elements": same('<attribute name="a">1</attribute>'), "parts": same("<part/>"),
        "attributes of many names": numbered('<attribute name="#">1</attribute>', size, ""), "boxes": same("<box/>"),
        "labels": numbered("<label><name>#</name></label>", size, ""),
        "a polygon": '<polygon label="a" points="' + repeated("1,1", size, ";") + '"/>',
    }


def lines(size):
    """Lines of text."""
    def same(unit):
        return repeated(unit, size, "\n")

    return {
        "empty lines": same(""), "digits": same("0"), "letters": same("x"), "colons": same("a:"), "items": same("- a"),
        "rows": same("0 .5 .5 .1 .1"), "letters beyond ASCII": same("é"), "numbered names": numbered("n#", size, "\n"),
        "numbers and names": numbered("#: a", size, "\n"), "one line": "a" * size, "words": "0 " + repeated(".5", size, " "),
        "commas": repeated("", size), "pairs": same("a,b"), "rules": numbered("a# = b", size, "\n"),
        "an open quote": '"' + same("a"), "a list in brackets": "[" + repeated("a", size) + "]",
    }


IMAGE = '"id":1,"file_name":"a.png","width":9,"height":9'
OBJECT = '"id":1,"image_id":1,"category_id":1,"area":4,"iscrowd":0'


def coco(top="", image="", label='"bbox":[1,1,2,2]', category=""):
    return (f'{{{top}"images":[{{{IMAGE}{image}}}],"annotations":[{{{OBJECT},{label}}}],'
            f'"categories":[{{"id":1,"name":"a"{category}}}]}}')


def labelme(shape="", top='"version":"5"', points="[[1,1],[2,2],[3,1]]"):
    return (f'{{"shapes":[{{"label":"a","points":{points},"shape_type":"polygon"{shape}}}],{top},"imagePath":"a.png",'
            '"imageWidth":9,"imageHeight":9}')


def json_cases(shape, value):
    def case(reader, text, form, name="a.json", command=("validate",)):
        source = "@" if form == "labelme" else "@/" + name
        return Case(reader, shape, {name: text}, [*command, source, "--from", form])

    box = '"bbox":[1,1,2,2]'
    results = f'[{{"image_id":1,"category_id":1,"bbox":[1,1,2,2],"score":0.5,"x":{value}}}]'
    voc_object = '"name":"a","bndbox":{"xmin":1,"ymin":1,"xmax":2,"ymax":2}'
    panoptic = '{%s"images":[{' + IMAGE + '}],"annotations":[{"image_id":1,"file_name":"a.png",%s}],"categories":[]}'
    out = ["--output", "@/o.json", "--allow-lossy"]
    yield case("COCO", coco(top=f'"x":{value},'), "coco")
    yield case("COCO, of an image", coco(image=f',"x":{value}'), "coco")
    yield case("COCO, of an object", coco(label=f'{box},"x":{value}'), "coco")
    yield case("COCO, of a class", coco(category=f',"x":{value}'), "coco")
    yield case("COCO, an outline", coco(label=f'{box},"segmentation":{value}'), "coco")
    yield case("COCO, a ring", coco(label=f'{box},"segmentation":[{value}]'), "coco")
    yield case("COCO, a box", coco(label=f'"bbox":{value}'), "coco")
    yield case("COCO, all images", f'{{"images":{value},"annotations":[],"categories":[]}}', "coco")
    yield Case("COCO results", shape, {"a.json": results, "truth.json": coco()},
               ["convert", "@/a.json", "--from", "coco-results", "--labels", "@/truth.json", "--to", "coco", *out])
    yield case("panoptic", panoptic % (f'"info":{value},', '"segments_info":[]'), "coco-panoptic")
    yield case("panoptic, segments", panoptic % ("", f'"segments_info":{value}'), "coco-panoptic")
    yield case("LabelMe", labelme(top=f'"x":{value}'), "labelme")
    yield case("LabelMe, of a shape", labelme(f',"x":{value}'), "labelme")
    yield case("LabelMe, flags", labelme(f',"flags":{value}'), "labelme")
    yield case("LabelMe, points", labelme(points=value), "labelme")
    yield case("Create ML", f'[{{"image":"a.png","annotations":{value}}}]', "createml")
    yield case("Create ML, of an object", '[{"image":"a.png","annotations":[{"label":"a","coordinates":{"x":2,"y":2,'
               f'"width":2,"height":2}},"x":{value}}}]}}]', "createml")
    for name, inner in (("VOC-JSON", value), ("VOC-JSON, of an object", f'[{{{voc_object},"x":{value}}}]')):
        yield case(name, '{"annotation":{"filename":"a.png","size":{"width":9,"height":9,"depth":3},'
                   f'"object":{inner}}}}}', "voc-json")
    yield Case("manifest", shape, {"m.json": '{"kind":"SemiVision content manifest","version":1,"folders":[],"files":'
                                   + value + "}"}, ["verify", "@/m.json"])
    same = coco(label=f'{box},"x":{value}')
    yield Case("diff", shape, {"a.json": same, "b.json": same}, ["diff", "@/a.json", "@/b.json"])
    yield Case("merge", shape, {"a.json": same, "b.json": same},
               ["merge", "@/a.json", "@/b.json", "--output", "@/o.json", "--dry-run"])
    yield Case("convert to COCO", shape, {"a.json": same}, ["convert", "@/a.json", "--to", "coco", *out])
    yield Case("convert to VOC", shape, {"a.json": same},
               ["convert", "@/a.json", "--to", "voc", "--output", "@/o", "--allow-lossy"])


def xml_cases(shape, inner):
    def cvat(top="", image="", box=""):
        return (f'<annotations>{top}<image id="0" name="a.png" width="9" height="9">{image}<box label="a" xtl="1" ytl="1" '
                f'xbr="3" ybr="3">{box}</box></image></annotations>')

    def voc(top="", of_object=""):
        return ("<annotation><filename>a.png</filename><size><width>9</width><height>9</height><depth>3</depth></size>"
                f"{top}<object><name>a</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>3</xmax><ymax>3</ymax></bndbox>"
                f"{of_object}</object></annotation>")

    for reader, text in (
            ("CVAT", cvat(inner)), ("CVAT, meta", cvat(f"<meta>{inner}</meta>")), ("CVAT, an image", cvat(image=inner)),
            ("CVAT, labels", cvat(f"<meta><task><labels>{inner}</labels></task></meta>")), ("CVAT, a box", cvat(box=inner))):
        yield Case(reader, shape, {"a.xml": text}, ["validate", "@/a.xml", "--from", "cvat"])
    for reader, text in (("VOC", voc(inner)), ("VOC, an object", voc(of_object=inner))):
        yield Case(reader, shape, {"Annotations/a.xml": text}, ["validate", "@", "--from", "voc"])


def text_cases(shape, text):
    pictures = {"images/a.png": "x"}
    yolo = ["validate", "@", "--from", "yolo"]
    head = "names:\n  0: a\ntrain: images\n"
    yield Case("YOLO, rows", shape, {"data.yaml": head, "labels/a.txt": text, **pictures}, yolo)
    break_line = "" if text.startswith("[") else "\n"
    yield Case("YOLO, names", shape, {"data.yaml": f"train: images\nnames: {break_line}{text}", "labels/a.txt": "",
                                      **pictures}, yolo)
    yield Case("YOLO, data.yaml", shape, {"data.yaml": head + text, "labels/a.txt": "", **pictures}, yolo)
    yield Case("Darknet, names", shape, {"classes.txt": text, "a.png": "x", "a.txt": "0 .5 .5 .1 .1"},
               ["validate", "@", "--from", "yolo-darknet"])
    out = ["--output", "@/o.json"]
    yield Case("list of images", shape, {"a.json": coco(), "l.txt": text},
               ["convert", "@/a.json", "--list", "@/l.txt", "--to", "coco", *out])
    for name in ("l.txt", "l.csv"):
        yield Case(f"mapping, {name[2:]}", shape, {"a.json": coco(), name: text},
                   ["remap", "@/a.json", "--mapping", "@/" + name, *out])
    yield Case("classes of masks", shape, {"masks/a.png": "x", "c.txt": text},
               ["validate", "@/masks", "--from", "masks", "--classes", "@/c.txt"])


def cases(size):
    """All of them, each file of about so many bytes."""
    for make, shapes in ((json_cases, values), (xml_cases, elements), (text_cases, lines)):
        for shape, content in shapes(size).items():
            yield from make(shape, content)
