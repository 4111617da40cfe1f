#!/usr/bin/env bash
# Passes when what runs now is healthy: nobody deploys onto an environment that is broken already.
# KUBECONFIG   the cluster, with the environment's namespace in its context
# SELECTOR     which deployments, app=app unless told otherwise
set -euo pipefail
deployments=$(kubectl get deployments --selector "${SELECTOR:-app=app}" --output json)
sick=$(jq --raw-output '
  if (.items | length) == 0 then "there is no deployment to look at"
  else .items[] | select((.spec.replicas // 1) > (.status.availableReplicas // 0))
    | "\(.metadata.name): \(.status.availableReplicas // 0) of \(.spec.replicas // 1) replicas are available"
  end' <<<"${deployments}")
if [[ -n ${sick} ]]; then
  printf '%s\n' "${sick}" >&2
  exit 1
fi
echo "every replica is available"
