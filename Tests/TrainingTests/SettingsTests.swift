import Testing

@testable import Training

/// What a program's settings look like: groups in a group, every kind of value.
private struct Plan: Settings {
  struct Optimizer: Settings {
    var learningRate = 0.02
    var momentum = 0.9
    var useNesterov = false
    var rules: [SettingsRule] { [SettingsRule("learning_rate", learningRate > 0, "more than 0")] }
  }
  enum Policy: String, Codable, CaseIterable { case fixed, perClass = "per_class" }
  enum Clip: Codable, Equatable, Sendable {
    case off, norm(Double)
    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      self = (try? value.decode(String.self)) == "off" ? .off : .norm(try value.decode(Double.self))
    }
    func encode(to encoder: any Encoder) throws {
      var value = encoder.singleValueContainer()
      switch self {
      case .off: try value.encode("off")
      case .norm(let limit): try value.encode(limit)
      }
    }
  }
  var steps = 100
  var name = "plan"
  var optimizer = Optimizer()
  var policy = Policy.fixed
  var clip = Clip.off
  var sizes = [240, 320]
}

@Suite struct SettingsTests {
  private func document(_ yaml: String) throws -> SettingsDocument { try SettingsDocument(yaml: yaml, name: "r.yaml") }

  private func message(_ yaml: String, _ assignments: [String] = []) -> String {
    do {
      _ = try Plan.resolved([document(yaml)], assignments: assignments)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("without documents the declarations are the settings")
  func defaults() throws {
    #expect(try Plan.resolved() == Plan())
  }

  @Test("a recipe changes only what it names, and the command line is laid over it")
  func layers() throws {
    let recipe = try document("steps: 7\noptimizer:\n  momentum: 0.5\n  learning_rate: 0.1\nsizes: [8]\n")
    let plan = try Plan.resolved([recipe], assignments: ["optimizer.learning_rate=1e-3", "policy=per_class"])
    #expect(plan.steps == 7)
    #expect(plan.optimizer == Plan.Optimizer(learningRate: 0.001, momentum: 0.5, useNesterov: false))
    #expect(plan.policy == .perClass)
    #expect(plan.sizes == [8])
    #expect(plan.name == "plan")
  }

  @Test("a later document wins over an earlier one, and an empty group or file changes nothing")
  func order() throws {
    let documents = [try document("steps: 7"), try document("steps: 8\noptimizer:\n"), try document("# nothing\n")]
    #expect(try Plan.resolved(documents).steps == 8)
    #expect(try Plan.resolved(documents).optimizer == Plan.Optimizer())
  }

  @Test("resolved settings written as YAML read back to the same")
  func roundTrip() throws {
    var plan = Plan(steps: 3, name: "a \"b\": \u{1}\n#5", policy: .perClass, clip: .norm(35), sizes: [])
    plan.optimizer.learningRate = 1e-7
    #expect(try Plan.resolved([SettingsDocument(yaml: plan.yaml, name: "settings.yaml")]) == plan)
    for name in ["5", "true", "", "null", "~", " x", "it's", "ünï", "a: b", "off", "1e5", "nan"] {
      plan.name = name
      #expect(try Plan.resolved([SettingsDocument(yaml: plan.yaml, name: "settings.yaml")]).name == name)
    }
    #expect(
      Plan().yaml == """
        steps: 100
        name: plan
        optimizer:
          learning_rate: 0.02
          momentum: 0.9
          use_nesterov: false
        policy: fixed
        clip: "off"
        sizes: [240, 320]

        """)
  }

  @Test(
    "what is wrong is said in one line with its place",
    arguments: [
      (
        "steps: 5\noptimizer:\n  learnig_rate: 1\n",
        "r.yaml:3: unknown key 'optimizer.learnig_rate'; did you mean 'learning_rate'? "
          + "(keys here: learning_rate, momentum, use_nesterov)"
      ),
      ("steps: many\n", "r.yaml:1: 'steps' is 'many', wanted a whole number"),
      ("steps: 1.5\n", "r.yaml:1: 'steps' is '1.5', wanted a whole number"),
      ("steps: \"5\"\n", "r.yaml:1: 'steps' is the text \"5\", wanted a whole number"),
      ("steps:\n", "r.yaml:1: 'steps' is nothing, wanted a whole number"),
      ("\n\nsteps: [1]\n", "r.yaml:3: 'steps' is a list of 1, wanted a whole number"),
      ("steps:\n  a: 1\n", "r.yaml:1: 'steps' is a group (a: …), wanted a single value"),
      (
        "optimizer: 5\n",
        "r.yaml:1: 'optimizer' is '5', wanted a group with keys of: learning_rate, momentum, use_nesterov"
      ),
      ("optimizer:\n  learning_rate: .inf\n", "r.yaml:2: 'optimizer.learning_rate' is '.inf', wanted a number"),
      ("optimizer:\n  learning_rate: nan\n", "r.yaml:2: 'optimizer.learning_rate' is 'nan', wanted a number"),
      ("optimizer: {use_nesterov: yes}\n", "r.yaml:1: 'optimizer.use_nesterov' is 'yes', wanted true or false"),
      ("policy: fixd\n", "r.yaml:1: 'policy' is 'fixd', wanted one of fixed, per_class"),
      ("sizes: [1, a]\n", "r.yaml:1: 'sizes[1]' is 'a', wanted a whole number"),
      ("sizes: 3\n", "r.yaml:1: 'sizes' is '3', wanted a list"),
      ("clip: many\n", "r.yaml:1: 'clip' is 'many', wanted a number"),
      ("optimizer:\n  learning_rate: -1\n", "r.yaml:2: 'optimizer.learning_rate' is '-1', it must be more than 0"),
      ("- 1\n", "r.yaml:1: 'the document' is a list of 1, wanted a group of keys"),
    ])
  func errors(yaml: String, wanted: String) {
    #expect(message(yaml) == wanted)
  }

  @Test(
    "a wrong assignment names itself",
    arguments: [
      ("optimizer.momentum=x", "--set optimizer.momentum=x: 'optimizer.momentum' is 'x', wanted a number"),
      (
        "optimizer=5",
        "--set optimizer=5: 'optimizer' is '5', wanted a group with keys of: learning_rate, momentum, use_nesterov"
      ),
      ("steps", "--set steps: wanted KEY=VALUE, as in optimizer.learning_rate=0.01"),
      ("=5", "--set =5: wanted KEY=VALUE, as in optimizer.learning_rate=0.01"),
      ("a..b=5", "--set a..b=5: the key has an empty part"),
      ("sizes=[1", "--set sizes=[1: the value is not YAML (quote it?)"),
      ("steps.x=1", "--set steps.x=1: 'steps' is a group (x: …), wanted a single value"),
    ])
  func wrongAssignment(assignment: String, wanted: String) {
    #expect(message("", [assignment]) == wanted)
  }

  @Test("text that is not YAML, and a key given twice, are refused with the file's name")
  func notYAML() {
    #expect(message("a: [1\n").hasPrefix("r.yaml: not YAML: "))
    #expect(message("steps: 1\nsteps: 2\n").hasPrefix("r.yaml: not YAML: "))
    #expect(!message("a: [1\n").contains("\n"))
  }

  @Test("a document tells the text at a path before any type reads it")
  func textAtPath() throws {
    let recipe = try document("method: soft_teacher\noptimizer:\n  momentum: 0.5\n")
    #expect(recipe.text(at: "method") == "soft_teacher")
    #expect(recipe.text(at: "optimizer.momentum") == "0.5")
    #expect(recipe.text(at: "optimizer") == nil)
    #expect(recipe.text(at: "absent") == nil)
  }

  @Test(
    "a property's name in snake case is its key",
    arguments: [
      ("learningRate", "learning_rate"), ("fpnChannels", "fpn_channels"), ("useBN", "use_bn"), ("steps", "steps"),
      ("minIoUValue", "min_io_u_value"), ("roiPool2D", "roi_pool2_d"), ("HTMLReport", "html_report"),
    ])
  func snakeCase(name: String, key: String) {
    #expect(name.snakeCased == key)
  }
}
