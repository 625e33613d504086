{{/*
The group of pods that share a node.
*/}}
{{- define "marblerun.placement.groupKey" -}}marblerun-hooks/placement-group{{- end }}
{{- define "marblerun.placement.groupValue" -}}coordinator{{- end }}
{{- define "marblerun.placement.groupLabel" -}}
{{ include "marblerun.placement.groupKey" . }}: {{ include "marblerun.placement.groupValue" . }}
{{- end }}

{{- define "marblerun.placement.stickiness" -}}
{{- (.Values.placement).stickiness | default "required" }}
{{- end }}

{{/*
"true" where an anchor holds the Coordinator's node.
*/}}
{{- define "marblerun.anchor.enabled" -}}
{{- if ne (include "marblerun.placement.stickiness" .) "none" }}true{{ end }}
{{- end }}

{{/*
Affinity to the node of the pods with these labels, away from the nodes to leave; nothing where neither is wanted.
Takes (list root labels).
*/}}
{{- define "marblerun.placement.affinity" -}}
{{- $stickiness := include "marblerun.placement.stickiness" (index . 0) }}
{{- if eq $stickiness "required" }}
podAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    - {{ include "marblerun.placement.term" (index . 1) | nindent 6 | trim }}
{{- else if eq $stickiness "preferred" }}
podAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm:
        {{- include "marblerun.placement.term" (index . 1) | nindent 8 }}
{{- end }}
{{ include "marblerun.placement.awayFrom" ((index . 0).Values.placement).avoidNodes }}
{{- end }}

{{/*
Takes the nodes to leave.
*/}}
{{- define "marblerun.placement.awayFrom" -}}
{{- with . }}
nodeAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    nodeSelectorTerms:
      - matchFields:
          {{- range . }}
          - key: metadata.name
            operator: NotIn
            values: [{{ . | quote }}]
          {{- end }}
{{- end }}
{{- end }}

{{- define "marblerun.placement.term" -}}
topologyKey: kubernetes.io/hostname
labelSelector:
  matchLabels:
    {{- . | nindent 4 }}
{{- end }}

{{/*
Tolerations of the Coordinator and of the pods that follow it. In simulation mode the default SGX toleration is left out.
*/}}
{{- define "marblerun.placement.tolerations" -}}
{{- $left := list }}
{{- if include "marblerun.simulation" . }}
{{- $left = get (include "marblerun.defaults" . | fromYaml) "tolerations" }}
{{- end }}
{{- $tolerations := list }}
{{- range .Values.tolerations }}
{{- if not (has . $left) }}{{ $tolerations = append $tolerations . }}{{ end }}
{{- end }}
{{- with $tolerations }}{{ toYaml . }}{{ end }}
{{- end }}
