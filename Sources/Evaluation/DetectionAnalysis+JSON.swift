import Documents

extension DetectionAnalysis {
  /// The analysis as `evaluate errors --json` writes it.
  public var json: JSON {
    let categories = boxes.categories
    return [
      "shapes": isOfMasks ? "masks" : "boxes", "images": JSON(boxes.images.count), "objects": JSON(boxes.truth.count),
      "predictions": JSON(boxes.detections.count),
      "metrics": metrics.json, "errors": errors.json, "threshold": JSON(threshold),
      "best": thresholds.best?.json ?? .null,
      "calibrationError": calibration.map { JSON($0.value) } ?? .null,
      "reliability": calibration.map { .array(Self.reliability(of: $0)) } ?? .null,
      "sizes": .object(JSONObject(sizes.map { ($0.name, $0.json) })),
      "classes": categories.json { index in
        let (entry, calibration) = (metrics.classes[index], classCalibrations[index])
        return [
          "objects": JSON(entry.truthCount), "detections": JSON(entry.detectionCount), "AP": JSON(entry.AP),
          "AP50": JSON(entry.AP50), "APs": JSON(classSizes[index][0]), "APm": JSON(classSizes[index][1]),
          "APl": JSON(classSizes[index][2]), "errors": ErrorAnalysis.json(classErrors[index]),
          "best": thresholds.classes[index].best?.json ?? .null,
          "calibrationError": self.calibration != nil && calibration.count > 0 ? JSON(calibration.value) : .null,
          "precisionAtHalf": .array(curves[index].map { JSON($0) }),
        ]
      },
      "confusion": confusion.json,
      "worstImages": .array(
        worstImages(24).map {
          ["image_id": JSON($0.image), "wrong": JSON($0.wrong), "notFound": JSON($0.missed)]
        }),
    ]
  }

  private static func reliability(of calibration: CalibrationError) -> [JSON] {
    calibration.reliability.enumerated().map { bin, entry in
      [
        "from": JSON(Double(bin) / Double(CalibrationError.bins)),
        "to": JSON(Double(bin + 1) / Double(CalibrationError.bins)), "count": JSON(entry.count),
        "score": JSON(entry.probability), "right": JSON(entry.right),
      ]
    }
  }
}

extension DetectionAnalysis.Size {
  fileprivate var json: JSON {
    [
      "objects": JSON(truthCount), "found": JSON(found), "AP": JSON(AP), "AR": JSON(AR),
      "errors": ErrorAnalysis.json(errors),
    ]
  }
}

extension ErrorAnalysis {
  /// Counts by kind, each kind there.
  static func json(_ counts: [Kind: Int]) -> JSON {
    .object(JSONObject(Kind.allCases.map { ($0.rawValue, JSON(counts[$0] ?? 0)) }))
  }

  /// The errors and their costs.
  public var json: JSON {
    [
      "AP": JSON(AP), "rightOverlap": JSON(rules.rightOverlap), "backgroundOverlap": JSON(rules.backgroundOverlap),
      "detectionsPerImage": JSON(rules.limit), "counts": Self.json(counts),
      "costs": .object(
        JSONObject(
          Kind.allCases.map { ($0.rawValue, JSON(costs[$0] ?? 0)) } + [
            ("falsePositives", JSON(falsePositiveCost)), ("falseNegatives", JSON(falseNegativeCost)),
          ])),
    ]
  }
}
