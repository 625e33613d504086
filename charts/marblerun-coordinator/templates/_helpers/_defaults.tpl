{{/*
Defaults of values.yaml that templates compare with, to tell what the user set from what the chart brought.
A test holds them equal to values.yaml.
*/}}
{{- define "marblerun.defaults" -}}
repository: ghcr.io/edgelesssys/marblerun
image: coordinator
version: {{ .Chart.AppVersion }}
hash: sha256:84faa95a3793c4b461e4ddd5af54da6e7db86a2e7ede313c46b420df7b96a99f
pullPolicy: IfNotPresent
replicas: 1
resources:
  limits:
    sgx.intel.com/enclave: 1
    sgx.intel.com/epc: 10Mi
    sgx.intel.com/provision: 1
tolerations:
  - key: sgx.intel.com/epc
    operator: Exists
    effect: NoSchedule
injector:
  hash: sha256:7dcf803d1faef7bdd0aee57458baea942803d03198dd5831ba9ba5066aaaea75
anchor:
  graceSeconds: 600
  downSeconds: 900
networkPolicy:
  apiServer:
    ports: [443, 6443]
dcap:
  pccsUrl: https://global.acccache.azure.net/sgx/certification/v4/
  useSecureCert: true
  qcnlConfig: ''
{{- end }}
