/// The policy of `Examples/policy.yaml`, which the examples meet; a test compares the two.
enum FirstPolicy {
  static let text = #"""
    liftlock-policy: 1
    name: examples
    owner: Platform team (platform@acme.example)

    requirements:
      tested:
        in: prod*
        because: In March a version that had failed its tests reached customers.
        promotion: { ci: required }
      approved:
        in: prod*
        approvals: { at-least: 1 }
      small-start:
        in: prod*
        first-step: 10%
      watched:
        in: prod*
        hold: 5m
      taken-back:
        in: every
        because: Whatever else a team watches, a version that does not answer has to go.
        rollback-when: { check: every }
      rotated:
        in: every
        rotate: { standard: 365d, high: 30d }

    waivers:
      - service: app
        in: production
        requirement: tested
        owner: Service owner of app
        reason: Its CI is called quality-gate until DOC-0020 is revised.
        expires: "2027-06-30"

    """#
}
