/// The spec with which README.md begins; a test compares the two.
enum FirstSpec {
  static let text = #"""
    liftlock: 1
    service: shop
    artifact:
      image: ghcr.io/acme/shop
      build: { context: ., dockerfile: Dockerfile }
      registry: { github: packages }

    secrets:
      KUBECONFIG: { in: [prod], purpose: cluster access, risk: high, rotate: 30d }
      PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }

    sources:
      prometheus: { prometheus: { url: PROMETHEUS_URL } }

    metrics:
      error-rate:
        unit: percent
        better: lower
        ratio:
          bad: http_requests_total{service="shop",code=~"5.."}
          total: http_requests_total{service="shop"}

    checks:
      ci: { github-checks: [test] }
      health: { probe: { requests: [GET /health < 500ms] } }

    environments:
      prod:
        on: { push: { branches: [main] } }
        url: https://shop.acme.example
        before: [ci]
        deploy:
          kubernetes: { namespace: shop, deployment: shop, container: app }
        rollout:
          rolling: { verify: [health], watch: 15m }
        verify: [health]
        rollback:
          when: [error-rate > 3% over 5m, health fails for 1m]
          verify: [health]

    """#
}
