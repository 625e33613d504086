{{/*
Coordinators that share their state, by upstream's names: the state is in a Secret, the keys that open it in a ConfigMap,
and each pod gets the key from a pod that has it. They make Secret and ConfigMap themselves.
*/}}

{{/*
"true" where the state is not on a volume.
*/}}
{{- define "marblerun.distributed" -}}
{{- if eq (.Values.coordinator.distributedDeployment | toString) "true" }}true{{ end }}
{{- end }}

{{/*
"true" where several pods run, so that one can be replaced while another one has the key. A single one is treated as a
standalone Coordinator: when it goes, nobody can hand the key on.
*/}}
{{- define "marblerun.distributed.several" -}}
{{- if and (include "marblerun.distributed" .) (gt (include "marblerun.setting" (list . "replicas") | int) 1) }}true{{ end }}
{{- end }}

{{/*
Where a Coordinator hands on the key. The port is a constant of the Coordinator.
*/}}
{{- define "marblerun.distributed.keyPort" -}}5433{{- end }}

{{- define "marblerun.distributed.env" -}}
{{- if include "marblerun.distributed" . }}
{{- with .Values.coordinator }}
- name: EDG_STORE_BACKEND
  value: {{ .storeBackend | quote }}
- name: EDG_K8S_STATE_NAME
  value: {{ .stateSecretName | quote }}
- name: EDG_K8S_SERVICE_NAME
  value: {{ .keyAPIName | quote }}
- name: EDG_K8S_KEK_MAP
  value: {{ .kekConfigMap | quote }}
{{- end }}
- name: EDG_K8S_NAMESPACE
  value: {{ .Release.Namespace | quote }}
- name: EDG_DISTRIBUTED_COORDINATOR
  value: "1"
{{- end }}
{{- end }}

{{/*
How pods are replaced. One Coordinator gives way first: two must not open one volume, and the node has room for one. Of
several, one goes at a time, and its successor gets a moment to fetch the key before the next one goes: a Coordinator
is ready without it, too. None is surged: the room for the next one is what the last one leaves.
*/}}
{{- define "marblerun.coordinator.strategy" -}}
{{- if include "marblerun.distributed.several" . -}}
minReadySeconds: 10
strategy:
  type: RollingUpdate
  rollingUpdate:
    maxSurge: 0
    maxUnavailable: 1
{{- else -}}
strategy:
  type: Recreate
{{- end }}
{{- end }}

{{/*
Affinity of several Coordinators: away from the nodes to leave, and from the anchor by as much as the anchor's wish to be near them
draws them to its node. For kube-scheduler counts the affinity of a pod that runs for the pod that comes, too, a required term as one of
weight 1, and it scales the sum up to a score as high as that of the spread: with more free room on the anchor's node all would gather
there (pkg/scheduler/framework/plugins/interpodaffinity/scoring.go).
*/}}
{{- define "marblerun.distributed.affinity" -}}
{{- if include "marblerun.anchor.enabled" . -}}
podAntiAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - weight: {{ ternary 1 100 (eq (include "marblerun.placement.stickiness" .) "required") }}
      podAffinityTerm:
        {{- include "marblerun.placement.term" (include "marblerun.selectorLabels" (list . "coordinator-anchor")) | nindent 8 }}
{{- end }}
{{ include "marblerun.placement.awayFrom" (.Values.placement).avoidNodes }}
{{- end }}

{{/*
Several Coordinators spread over hosts, so that the end of one host leaves one that has the key. Only those of one revision
count: with the old ones, which go in between, two of the new ones were seen on one host. The user's constraints take their place.
*/}}
{{- define "marblerun.coordinator.spread" -}}
{{- with .Values.coordinator.topologySpreadConstraints }}
{{- toYaml . }}
{{- else }}
{{- if include "marblerun.distributed.several" . -}}
- maxSkew: 1
  topologyKey: kubernetes.io/hostname
  whenUnsatisfiable: ScheduleAnyway
  matchLabelKeys: [pod-template-hash]
  labelSelector:
    matchLabels:
      {{- include "marblerun.selectorLabels" (list . "coordinator") | nindent 6 }}
{{- end }}
{{- end }}
{{- end }}
