import Annotations
import Testing

/// The places where labels have been lost, moved or misread by other tools, and what becomes of them here.
@Suite struct PitfallsTests {
  private static let object = #"{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4]}"#

  private static let boxesCases: [Pitfall] = [
    Pitfall(
      name: "VOC counts pixels from 1, the last one included",
      files: Pitfall.voc(
        "<object><name>x</name><difficult>0</difficult><truncated>0</truncated><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>5</xmax><ymax>6</ymax></bndbox></object>"
      ),
      images: ["JPEGImages/a.jpg"], at: "", outcome: "a.jpg 40×20 [x#1 0,1,5,6]"),
    Pitfall(
      name: "files that count corners from 0 are taken as they are, when that is said",
      files: Pitfall.voc(
        "<object><name>x</name><difficult>0</difficult><truncated>0</truncated><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>5</xmax><ymax>6</ymax></bndbox></object>"
      ),
      images: ["JPEGImages/a.jpg"], at: "", base: .zero, outcome: "a.jpg 40×20 [x#1 1,2,5,6]"),
    Pitfall(
      name: "VOC with decimals and without difficult, truncated and pose",
      files: Pitfall.voc(
        "<object><name>x</name><bndbox><xmin>1.5</xmin><ymin>2</ymin><xmax>5.25</xmax><ymax>6</ymax></bndbox></object>"),
      images: ["JPEGImages/a.jpg"], at: "", outcome: "a.jpg 40×20 [x#1 0.5,1,5.25,6] | note missing-element ×2"),
    Pitfall(
      name: "VOC's difficult and truncated are flags of their own, and pose and occluded are kept",
      files: Pitfall.voc(
        "<object><name>x</name><pose>Left</pose><occluded>1</occluded><difficult>1</difficult><truncated>1</truncated><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>5</xmax><ymax>6</ymax></bndbox></object>"
      ),
      images: ["JPEGImages/a.jpg"], at: "", outcome: "a.jpg 40×20 [x#1 0,1,5,6 difficult truncated pose occluded]"),
    Pitfall(
      name: "a class called background is a class",
      files: Pitfall.voc(
        "<object><name>background</name><difficult>0</difficult><truncated>0</truncated><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>5</xmax><ymax>6</ymax></bndbox></object>"
      ),
      images: ["JPEGImages/a.jpg"], at: "", outcome: "a.jpg 40×20 [background#1 0,1,5,6]"),
    Pitfall(
      name: "COCO's iscrowd is a flag, its run lengths go down the columns, height first",
      files: Pitfall.coco(
        #"{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,1,20],"iscrowd":1,"segmentation":{"size":[20,40],"counts":[0,20,780]}}"#
      ),
      outcome: "a.jpg 40×20 [x#1 0,0,1,20 crowd]"),
    Pitfall(
      name: "run lengths of another size than the image",
      files: Pitfall.coco(
        #"{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,1,20],"iscrowd":1,"segmentation":{"size":[40,20],"counts":[0,20,780]}}"#
      ),
      outcome: "a.jpg 40×20 [x#1 0,0,1,20 crowd] | error bad-segmentation ×1"),
    Pitfall(
      name: "a polygon of four numbers is no box",
      files: Pitfall.coco(#"{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4],"segmentation":[[1,2,4,6]]}"#),
      outcome: "a.jpg 40×20 [x#1 1,2,4,6] | error bad-segmentation ×1"),
    Pitfall(
      name: "ids of classes have gaps and may be 0",
      files: Pitfall.coco(
        #"{"id":1,"image_id":1,"category_id":0,"bbox":[1,2,3,4]},{"id":2,"image_id":1,"category_id":90,"bbox":[1,2,3,5]}"#,
        categories: #"{"id":90,"name":"z"},{"id":0,"name":"a"}"#),
      outcome: "a.jpg 40×20 [a#0 1,2,4,6; z#90 1,2,4,7] | note class-id-gap ×1"),
    Pitfall(
      name: "an object of id 0, which pycocotools never counts as found",
      files: Pitfall.coco(#"{"id":0,"image_id":1,"category_id":1,"bbox":[1,2,3,4]}"#),
      outcome: "a.jpg 40×20 [x#1 1,2,4,6] | note zero-object-id ×1"),
    Pitfall(
      name: "the id of an object given twice", files: Pitfall.coco(object + "," + object),
      outcome: "a.jpg 40×20 [x#1 1,2,4,6; x#1 1,2,4,6] | error duplicate-object-id ×1 | note identical-objects ×1"),
    Pitfall(
      name: "ignore is kept",
      files: Pitfall.coco(#"{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4],"ignore":1}"#),
      outcome: "a.jpg 40×20 [x#1 1,2,4,6 ignore]"),
    Pitfall(
      name: "no area, a negative size, outside, leaving the image by more than half a pixel",
      files: Pitfall.coco(
        ["[1,2,0,4]", "[1,2,3,-4]", "[50,2,3,4]", "[-1,2,3,4]", "[39,2,1.4,4]"].enumerated().map {
          "{\"id\":\($0.offset + 1),\"image_id\":1,\"category_id\":1,\"bbox\":\($0.element)}"
        }.joined(separator: ",")),
      outcome:
        "a.jpg 40×20 [x#1 1,2,1,6; x#1 1,2,4,-2; x#1 50,2,53,6; x#1 -1,2,2,6; x#1 39,2,40.4,6] | error negative-size ×1"
        + " | skip zero-area ×1 | skip outside-image ×1 | note partly-outside-image ×1"),
    Pitfall(
      name: "NaN", files: Pitfall.coco(#"{"id":1,"image_id":1,"category_id":1,"bbox":[NaN,2,3,4]}"#),
      outcome: "error: l.json: annotations[0].bbox"),
    Pitfall(
      name: "a number beyond all numbers",
      files: Pitfall.coco(#"{"id":1,"image_id":1,"category_id":1,"bbox":[1e999,2,3,4]}"#),
      outcome: "error: l.json: annotations[0].bbox[0]: 1e999"),
    Pitfall(
      name: "Create ML's x and y are the centre",
      files: [
        "l.json":
          #"[{"image":"a.jpg","annotations":[{"label":"x","coordinates":{"x":10,"y":8,"width":4,"height":6}}]}]"#
      ],
      outcome: "a.jpg 40×20 [x#1 8,5,12,11]"),
    Pitfall(
      name: "YOLO's numbers are shares of the image's size, of the centre",
      files: ["data.yaml": "train: images\nnames: [a, b]\n", "labels/a.txt": "1 0.25 0.5 0.1 0.2\n"], at: "",
      outcome: "a.jpg 40×20 [b#2 8,8,12,12]"),
    Pitfall(
      name: "a class of YOLO's without a name",
      files: ["data.yaml": "train: images\nnames: ['', b]\n", "labels/a.txt": "1 0.25 0.5 0.1 0.2\n"], at: "",
      outcome: "a.jpg 40×20 [b#2 8,8,12,12] | error empty-class-name ×1"),
    Pitfall(
      name: "a class of Create ML's without a name",
      files: [
        "l.json":
          #"[{"image":"a.jpg","annotations":[{"label":" ","coordinates":{"x":10,"y":8,"width":4,"height":6}}]}]"#
      ],
      outcome: " | error bad-value ×1"),
    Pitfall(
      name: "LabelMe's rectangles have two corners in any order",
      files: [
        "images/a.json":
          #"{"imagePath":"a.jpg","imageHeight":20,"imageWidth":40,"shapes":[{"label":"x","shape_type":"rectangle","points":[[9,8],[1,2]]}]}"#
      ],
      at: "images", outcome: "a.jpg 40×20 [x#1 1,2,9,8]"),
    Pitfall(
      name: "CVAT counts images from 0, and says what is occluded",
      files: [
        "l.xml":
          #"<annotations><image id="0" name="a.jpg" width="40" height="20"><box label="x" occluded="1" xtl="1" ytl="2" xbr="4" ybr="6.5"/></image></annotations>"#
      ],
      at: "l.xml", outcome: "a.jpg 40×20 [x#1 1,2,4,6.5 occluded]"),
  ]

  private static let sizesCases: [Pitfall] = [
    Pitfall(
      name: "sizes that are missing are those of the file",
      files: Pitfall.coco(object, images: #"{"id":1,"file_name":"a.jpg"}"#), outcome: "a.jpg 40×20 [x#1 1,2,4,6]"),
    Pitfall(
      name: "sizes other than the file's",
      files: Pitfall.coco(object, images: #"{"id":1,"file_name":"a.jpg","height":40,"width":20}"#),
      outcome: "a.jpg 20×40 [x#1 1,2,4,6] | error size-mismatch ×1"),
    Pitfall(
      name: "sizes that would be gigabytes",
      files: Pitfall.coco(object, images: #"{"id":1,"file_name":"a.jpg","height":400000000,"width":20}"#),
      outcome: " | error bad-value ×1 | error unknown-image ×1"),
    Pitfall(
      name: "labels of the picture as shown",
      files: Pitfall.coco(object, images: #"{"id":1,"file_name":"a.jpg","height":40,"width":20}"#),
      images: ["images/a.jpg@6"], outcome: "a.jpg 20×40 [x#1 1,2,4,6]"),
    Pitfall(
      name: "labels of the picture as stored are noted", files: Pitfall.coco(object), images: ["images/a.jpg@6"],
      outcome: "a.jpg 40×20 [x#1 1,2,4,6] | note stored-orientation ×1"),
    Pitfall(
      name: "labels of the picture as stored, when EXIF is ignored", files: Pitfall.coco(object),
      images: ["images/a.jpg@8"], exif: .ignore, outcome: "a.jpg 40×20 [x#1 1,2,4,6]"),
    Pitfall(
      name: "labels of the picture as shown, when EXIF is ignored",
      files: Pitfall.coco(object, images: #"{"id":1,"file_name":"a.jpg","height":40,"width":20}"#),
      images: ["images/a.jpg@5"], exif: .ignore, outcome: "a.jpg 20×40 [x#1 1,2,4,6] | error size-mismatch ×1"),
    Pitfall(
      name: "a picture stored upside down, when EXIF is an error", files: Pitfall.coco(object),
      images: ["images/a.jpg@3"],
      exif: .error, outcome: "error: images/a.jpg: is stored turned (EXIF orientation 3)"),
    Pitfall(
      name: "sizes of turned pictures are filled in as shown",
      files: ["l.json": #"[{"image":"a.jpg","annotations":[]}]"#], images: ["images/a.jpg@7"], outcome: "a.jpg 20×40 []"
    ),
    Pitfall(
      name: "sizes of turned pictures are filled in as stored, when EXIF is ignored",
      files: ["l.json": #"[{"image":"a.jpg","annotations":[]}]"#], images: ["images/a.jpg@7"], exif: .ignore,
      outcome: "a.jpg 40×20 []"),
    Pitfall(
      name: "sizes of turned pictures are refused, when EXIF is an error",
      files: ["l.json": #"[{"image":"a.jpg","annotations":[]}]"#], images: ["images/a.jpg@7"], exif: .error,
      outcome: "error: images/a.jpg: is stored turned (EXIF orientation 7)"),
    Pitfall(
      name: "YOLO's shares are those of the picture as shown",
      files: ["data.yaml": "train: images\nnames: [a]\n", "labels/a.txt": "0 0.5 0.5 0.1 0.1\n"],
      images: ["images/a.jpg@6"], at: "", outcome: "a.jpg 20×40 [a#1 9,18,11,22]"),
  ]

  private static let namesCases: [Pitfall] = [
    Pitfall(
      name: "blanks and percent signs are characters of a name", files: Pitfall.coco(named: "a b%20c.jpg"),
      images: ["images/a b%20c.jpg"], outcome: "a b%20c.jpg 40×20 []"),
    Pitfall(
      name: "%20 is no blank", files: Pitfall.coco(named: "a%20b.jpg"), images: ["images/a b.jpg"],
      outcome: "a%20b.jpg 40×20 [] | error missing-image ×1"),
    Pitfall(
      name: "names in UTF-8, composed and decomposed", files: Pitfall.coco(named: "u\u{308}/é.jpg"),
      images: ["images/u\u{308}/é.jpg"], outcome: "u\u{308}/é.jpg 40×20 []"),
    Pitfall(
      name: "the same name in two folders",
      files: Pitfall.coco(
        "",
        images:
          #"{"id":1,"file_name":"d/a.jpg","height":20,"width":40},{"id":2,"file_name":"e/a.jpg","height":20,"width":40}"#
      ),
      images: ["images/d/a.jpg", "images/e/a.jpg"], outcome: "d/a.jpg 40×20 [], e/a.jpg 40×20 []"),
    Pitfall(
      name: "the same name twice",
      files: Pitfall.coco(
        "",
        images:
          #"{"id":1,"file_name":"a.jpg","height":20,"width":40},{"id":2,"file_name":"a.jpg","height":20,"width":40}"#),
      outcome: "a.jpg 40×20 [], a.jpg 40×20 [] | error duplicate-file-name ×1"),
    Pitfall(
      name: "a name of more than 255 bytes", files: Pitfall.coco(named: String(repeating: "ü", count: 200) + ".jpg"),
      outcome: String(repeating: "ü", count: 200) + ".jpg 40×20 [] | error missing-image ×1"),
    Pitfall(
      name: "a backslash is a character of a name in COCO", files: Pitfall.coco(named: #"d\a.jpg"#),
      images: ["images/d/a.jpg"], outcome: #"d\a.jpg 40×20 [] | error missing-image ×1"#),
    Pitfall(
      name: "the annotator's own folders in VOC", files: Pitfall.voc("", fileName: #"C:\photos\a.jpg"#),
      images: ["JPEGImages/a.jpg"], at: "", outcome: "a.jpg 40×20 [] | note other-file-name ×1"),
    Pitfall(
      name: "an image in a folder of its own in VOC, beside another one of that name",
      files: Pitfall.voc("", fileName: "sub/a.jpg"), images: ["JPEGImages/a.jpg", "JPEGImages/sub/a.jpg"], at: "",
      outcome: "sub/a.jpg 40×20 []"),
  ]

  private static let outsideCases: [Pitfall] =
    ["../secret.jpg", "/etc/passwd", "d/../../secret.jpg", ".", ""].flatMap { name in
      [
        Pitfall(
          name: "COCO: \"\(name)\" leads out", files: Pitfall.coco(named: name),
          images: ["secret.jpg", "images/d/b.jpg"],
          outcome: "\(name) 40×20 [] | error bad-file-name ×1"),
        Pitfall(
          name: "CVAT: \"\(name)\" leads out",
          files: ["l.xml": "<annotations><image id=\"0\" name=\"\(name)\" width=\"40\" height=\"20\"/></annotations>"],
          images: ["secret.jpg", "images/d/b.jpg"], at: "l.xml", outcome: "\(name) 40×20 [] | error bad-file-name ×1"),
      ]
    } + [
      Pitfall(
        name: "Create ML: a name that leads out",
        files: ["l.json": #"[{"image":"../secret.jpg","annotations":[]}]"#], images: ["secret.jpg", "images/b.jpg"],
        outcome: "../secret.jpg 0×0 [] | error bad-file-name ×1"),
      Pitfall(
        name: "VOC: of a name that leads out the last part is taken",
        files: Pitfall.voc("", fileName: "../../secret.jpg"),
        images: ["secret.jpg", "JPEGImages/b.jpg"], at: "",
        outcome: "secret.jpg 40×20 [] | error missing-image ×1 | note other-file-name ×1"),
      Pitfall(
        name: "LabelMe: of a name that leads out the last part is taken",
        files: ["d/set/a.json": #"{"imagePath":"../../secret.jpg","imageHeight":20,"imageWidth":40,"shapes":[]}"#],
        images: ["secret.jpg"], at: "d/set", outcome: "secret.jpg 40×20 [] | error missing-image ×1"),
      Pitfall(
        name: "YOLO: a folder that leads out",
        files: ["set/data.yaml": "train: ../../\nnames: [a]\n"], images: ["secret.jpg"], at: "set",
        outcome: "error: set/data.yaml: train: ../../ leads out of the data set's folder"),
      Pitfall(
        name: "COCO: a link that leads out", files: Pitfall.coco(named: "a.jpg"),
        images: ["secret.jpg", "images/b.jpg"],
        links: ["images/a.jpg": "../secret.jpg"], outcome: "a.jpg 40×20 [] | error missing-image ×1"),
      Pitfall(
        name: "VOC: a link that leads out", files: Pitfall.voc(""), images: ["secret.jpg"],
        links: ["JPEGImages/a.jpg": "../secret.jpg"], at: "", outcome: "a.jpg 40×20 [] | error missing-image ×1"),
      Pitfall(
        name: "Create ML: a link that leads out", files: ["l.json": #"[{"image":"a.jpg","annotations":[]}]"#],
        images: ["secret.jpg"], links: ["images/a.jpg": "../secret.jpg"],
        outcome: "a.jpg 0×0 [] | error missing-image ×1"),
      Pitfall(
        name: "LabelMe: a link that leads out",
        files: ["set/a.json": #"{"imagePath":"a.jpg","shapes":[]}"#], images: ["secret.jpg"],
        links: ["set/a.jpg": "../secret.jpg"], at: "set", outcome: "a.jpg 0×0 [] | error missing-image ×1"),
      Pitfall(
        name: "CVAT: a link that leads out",
        files: ["l.xml": #"<annotations><image id="0" name="a.jpg"/></annotations>"#], images: ["secret.jpg"],
        links: ["images/a.jpg": "../secret.jpg"], at: "l.xml", outcome: "a.jpg 0×0 [] | error missing-image ×1"),
      Pitfall(
        name: "YOLO: a link that leads out", files: ["data.yaml": "train: images\nnames: [a]\n"],
        images: ["secret.jpg", "images/b.jpg"], links: ["images/a.jpg": "../secret.jpg"], at: "",
        outcome: "b.jpg 40×20 [] | error missing-image ×1 | note missing-label-file ×1"),
      Pitfall(
        name: "Darknet: a link that leads out", files: ["obj.names": "a\n"], images: ["secret.jpg@1", "d/b.jpg"],
        links: ["d/a.jpg": "../../../etc/hostname"], at: "",
        outcome: "d/b.jpg 40×20 [], secret.jpg 40×20 [] | error missing-image ×1 | note missing-label-file ×2"),
    ]

  @Test("boxes, flags and ids mean what their form says", arguments: boxesCases)
  func boxes(_ pitfall: Pitfall) throws { try check(pitfall) }

  @Test("sizes are held to the files, and EXIF's orientation is applied, ignored or refused", arguments: sizesCases)
  func sizes(_ pitfall: Pitfall) throws { try check(pitfall) }

  @Test("names of files are taken byte by byte", arguments: namesCases)
  func names(_ pitfall: Pitfall) throws { try check(pitfall) }

  @Test("no name and no link leads out of the folder of images, in any form", arguments: outsideCases)
  func outside(_ pitfall: Pitfall) throws { try check(pitfall) }

  private func check(_ pitfall: Pitfall) throws {
    let found = try pitfall.found()
    let fits = pitfall.outcome.hasPrefix("error: ") ? found.hasPrefix(pitfall.outcome) : found == pitfall.outcome
    #expect(fits, "\(pitfall.name)\nfound:  \(found)\nwanted: \(pitfall.outcome)")
  }
}
