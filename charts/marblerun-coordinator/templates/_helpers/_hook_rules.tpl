{{/*
Rights that both hooks need: the record of the last rollout, and Events. A name cannot limit what is created.
*/}}
{{- define "marblerun.hooks.recordRules" -}}
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [{{ include "marblerun.record.name" . }}]
  verbs: [get, patch]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [create]
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{- end }}
