import Documents

extension PseudoBoxAudit {
  /// Counts by the names of classes, as they stand in `audit.json`.
  func json(classes: [String]) -> JSON {
    func json(_ count: Count) -> JSONObject {
      JSONObject([("kept", JSON(count.kept)), ("right", JSON(count.right)), ("objects", JSON(count.objects))])
    }
    var members = JSONObject([("images", JSON(images))])
    for purpose in PseudoBoxes.Purpose.allCases {
      var own = json(total(purpose))
      if purpose != .proposals {
        own["byClass"] = .object(
          JSONObject(zip(classes, counts[purpose] ?? []).map { ($0, .object(json($1))) }))
      }
      members["\(purpose)"] = .object(own)
    }
    if let background {
      members["background"] = [
        "regions": JSON(background.regions), "wrong": JSON(background.wrong), "weight": JSON(background.weight),
        "wrongWeight": JSON(background.wrongWeight),
      ]
    }
    return .object(members)
  }

  /// Goes on from what ``json(classes:)`` made; nil for something else.
  init?(_ json: JSON?, classes: [String]) {
    func count(_ json: JSON?) -> Count? {
      guard let kept = json?["kept"]?.int, let right = json?["right"]?.int, let objects = json?["objects"]?.int else {
        return nil
      }
      return Count(kept: kept, right: right, objects: objects)
    }
    guard let json, let images = json["images"]?.int else { return nil }
    var counts: [PseudoBoxes.Purpose: [Count]] = [:]
    for purpose in PseudoBoxes.Purpose.allCases {
      let own = json["\(purpose)"]
      let values = purpose == .proposals ? [count(own)] : classes.map { count(own?["byClass"]?[$0]) }
      guard values.allSatisfy({ $0 != nil }) else { return nil }
      counts[purpose] = values.compactMap { $0 }
    }
    var background: Background?
    if let own = json["background"] {
      guard let regions = own["regions"]?.int, let wrong = own["wrong"]?.int, let weight = own["weight"]?.double,
        let wrongWeight = own["wrongWeight"]?.double
      else { return nil }
      background = Background(regions: regions, wrong: wrong, weight: weight, wrongWeight: wrongWeight)
    }
    self.init(images: images, counts: counts, background: background)
  }
}
