internal import CLibYAML

/// libyaml's event stream over a buffer. Owns the parser and the event that was read last, and frees both on every
/// path; the buffer must outlive it.
struct EventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let event: UnsafeMutablePointer<yaml_event_t>

  /// Nil when there is no memory for a parser.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    parser = .allocate(capacity: 1)
    event = .allocate(capacity: 1)
    event.initialize(to: yaml_event_t())
    parser.initialize(to: yaml_parser_t())
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      event.deallocate()
      return nil
    }
    // Told and not guessed: the bytes were checked before, and a byte order mark was taken off.
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_event_delete(event)
    yaml_parser_delete(parser)
    parser.deallocate()
    event.deallocate()
  }

  /// Reads the next event, nil when libyaml gave up. Its pointers are good until the next call.
  mutating func next() -> Event? {
    yaml_event_delete(event)
    guard yaml_parser_parse(parser, event) == 1 else { return nil }
    return Event(
      kind: kind, start: Int(clamping: event.pointee.start_mark.index),
      end: Int(clamping: event.pointee.end_mark.index))
  }

  private var kind: Event.Kind {
    switch event.pointee.type {
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_STREAM_END_EVENT: return .streamEnd
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .collectionEnd
    case YAML_ALIAS_EVENT:
      guard let name = event.pointee.data.alias.anchor else { return .other }
      return .alias(UnsafePointer(name))
    case YAML_SCALAR_EVENT:
      let scalar = event.pointee.data.scalar
      let style: Node.Style =
        switch scalar.style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
        case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
        default: .plain
        }
      let text = UnsafeBufferPointer(start: UnsafePointer(scalar.value), count: Int(clamping: scalar.length))
      return .scalar(text, style, Event.Properties(scalar.anchor, tag: scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      let data = event.pointee.data.sequence_start
      return .sequenceStart(Event.Properties(data.anchor, tag: data.tag))
    case YAML_MAPPING_START_EVENT:
      let data = event.pointee.data.mapping_start
      return .mappingStart(Event.Properties(data.anchor, tag: data.tag))
    default: return .other
    }
  }

  /// Why libyaml gave up.
  var failure: Failure {
    Failure(
      problem: parser.pointee.problem.map { String(cString: $0) } ?? "",
      context: parser.pointee.context.map { String(cString: $0) } ?? "",
      problemIndex: Int(clamping: parser.pointee.problem_mark.index),
      contextIndex: parser.pointee.context.map { _ in Int(clamping: parser.pointee.context_mark.index) },
      isOutOfMemory: parser.pointee.error == YAML_MEMORY_ERROR)
  }

  /// libyaml's account of a problem; the indexes count characters.
  struct Failure {
    var problem: String
    var context: String
    var problemIndex: Int
    var contextIndex: Int?
    var isOutOfMemory: Bool
  }
}

/// A libyaml event as the rest of this target sees it. `start` and `end` count characters.
struct Event {
  /// What may stand before a node.
  struct Properties {
    private var anchor: UnsafePointer<UInt8>?
    let hasTag: Bool

    fileprivate init(_ anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?) {
      self.anchor = anchor.map { UnsafePointer($0) }
      hasTag = tag != nil
    }

    var areEmpty: Bool { anchor == nil && !hasTag }
    var anchorName: String? { anchor.map { String(cString: $0) } }
  }

  enum Kind {
    case documentStart
    case scalar(UnsafeBufferPointer<UInt8>, Node.Style, Properties)
    case alias(UnsafePointer<UInt8>)
    case sequenceStart(Properties)
    case mappingStart(Properties)
    case collectionEnd
    case streamEnd
    case other
  }

  var kind: Kind
  var start: Int
  var end: Int
}
