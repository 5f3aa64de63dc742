import Documents

extension PairedBootstrap {
  /// The comparison as `evaluate compare --json` writes it, of the runs with these names and by this figure.
  public func json(metric: String, runs: [String]) -> JSON {
    var members = all.json.object ?? JSONObject()
    members["metric"] = JSON(metric)
    members["runs"] = .array(runs.map { JSON($0) })
    members["images"] = JSON(imageCount)
    members["samples"] = JSON(samples)
    members["seed"] = .number(String(seed))
    let keys = parts.enumerated().map { EvaluatedCategory(id: $0, name: $1.part) }.keys
    members["classes"] = .object(JSONObject(zip(keys, parts).map { ($0, $1.json) }))
    return .object(members)
  }
}

extension PairedBootstrap.Difference {
  fileprivate var json: JSON {
    [
      "A": JSON(first), "B": JSON(second), "difference": JSON(difference),
      "interval": interval.map { [JSON($0.lowerBound), JSON($0.upperBound)] } ?? .null,
      "probabilityBIsBetter": JSON(probability), "validSamples": JSON(samples), "verdict": JSON(verdict.rawValue),
    ]
  }
}
