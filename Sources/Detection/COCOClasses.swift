/// The classes of COCO by their ids, as detectors of torchvision that were trained on it number them.
public enum COCOClasses {
  /// The name of id 1 first; the ten ids that COCO left out are `unused <id>`.
  public static let names: [String] = {
    var names = (1...90).map { "unused \($0)" }
    for (id, name) in numbered { names[id - 1] = name }
    return names
  }()

  /// The 80 classes that COCO has objects of, in the order of their ids, as mmdetection numbers them.
  public static let used: [String] = numbered.map(\.1)

  private static let numbered: [(Int, String)] = {
    let runs: [(first: Int, names: String)] = [
      (1, "person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant"),
      (13, "stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe"),
      (27, "backpack,umbrella"), (31, "handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat"),
      (40, "baseball glove,skateboard,surfboard,tennis racket,bottle"),
      (46, "wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut"),
      (61, "cake,chair,couch,potted plant,bed"), (67, "dining table"), (70, "toilet"),
      (72, "tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator"),
      (84, "book,clock,vase,scissors,teddy bear,hair drier,toothbrush"),
    ]
    return runs.flatMap { run in
      run.names.split(separator: ",").enumerated().map { (run.first + $0.offset, String($0.element)) }
    }
  }()
}
