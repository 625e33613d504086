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

{{/*
Rights of whoever looks at the Coordinator after a change and rolls the Marbles: the rollout hook, and the Job that it may
hand the Marbles to.
*/}}
{{- define "marblerun.rollout.rules" -}}
{{- if include "marblerun.roll.enabled" . }}
# The report of the roll that goes on in a Job.
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [{{ include "marblerun.report.name" . }}]
  verbs: [patch]
{{- end }}
{{ include "marblerun.hooks.recordRules" . }}
{{- end }}

{{- define "marblerun.rollout.marbleRules" -}}
# Marbles are found by label, read one by one or in lists, and restarted by their workload.
- apiGroups: [apps]
  resources: [replicasets, controllerrevisions]
  verbs: [list]
- apiGroups: [apps]
  resources: [deployments, statefulsets, daemonsets]
  verbs: [get, list, watch, patch]
- apiGroups: [argoproj.io]
  resources: [rollouts]
  verbs: [get, list, watch, patch]
- apiGroups: [""]
  resources: [pods]
  verbs: [list]
# The last words of a Marble that does not come up, and how many parties a recovery still wants: that stands in logs alone.
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
# A Marble is not restarted while its budget has nothing to spare.
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list]
{{- if eq ((.Values.rollout).onDelete | default "report") "evict" }}
- apiGroups: [""]
  resources: [pods/eviction]
  verbs: [create]
{{- end }}
{{- end }}

{{- define "marblerun.preflight.marbleRules" -}}
# Which Marbles the upgrade restarts.
- apiGroups: [""]
  resources: [pods]
  verbs: [list]
- apiGroups: [apps]
  resources: [replicasets, controllerrevisions]
  verbs: [list]
- apiGroups: [apps]
  resources: [deployments, statefulsets, daemonsets]
  verbs: [get, list]
- apiGroups: [argoproj.io]
  resources: [rollouts]
  verbs: [get, list]
{{- end }}
