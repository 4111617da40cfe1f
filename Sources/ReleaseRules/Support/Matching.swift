/// A largest assignment of items to distinct partners, such as approvals to people.
struct Matching {
  /// The partner of each item; `nil` where none is left.
  let partners: [Int?]
  private let choices: [[Int]]
  private let owners: [Int?]

  /// `choices` are the possible partners of each item, as numbers under `partnerCount`.
  init(choices: [[Int]], partnerCount: Int) {
    var partners = [Int?](repeating: nil, count: choices.count)
    var owners = [Int?](repeating: nil, count: partnerCount)
    for item in choices.indices {
      // Breadth first along alternating paths: whose partner could move on to somebody else?
      var cameFrom = [Int?](repeating: nil, count: partnerCount)
      var queue = [item]
      var head = 0
      var free: Int?
      while head < queue.count, free == nil {
        let current = queue[head]
        head += 1
        for partner in choices[current] where cameFrom[partner] == nil {
          cameFrom[partner] = current
          guard let owner = owners[partner] else {
            free = partner
            break
          }
          queue.append(owner)
        }
      }
      while let partner = free, let owner = cameFrom[partner] {
        free = partners[owner]
        partners[owner] = partner
        owners[partner] = owner
      }
    }
    self.partners = partners
    self.choices = choices
    self.owners = owners
  }

  /// For an item without a partner: the items, itself first, that together have fewer partners than they are
  /// (Hall's theorem says that there are such), and those partners.
  func competition(over item: Int) -> (items: [Int], partners: [Int]) {
    var items = [item]
    var partners: Set<Int> = []
    var head = 0
    while head < items.count {
      for partner in choices[items[head]] where partners.insert(partner).inserted {
        if let owner = owners[partner] { items.append(owner) }
      }
      head += 1
    }
    return (items, partners.sorted())
  }
}
