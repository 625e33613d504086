{{/*
What the user adds to the Coordinator's pod.
*/}}

{{- define "marblerun.coordinator.podExtras" -}}
{{- range $key := list "priorityClassName" "runtimeClassName" "terminationGracePeriodSeconds" "initContainers" }}
{{- with get $.Values.coordinator $key }}
{{ dict $key . | toYaml }}
{{- end }}
{{- end }}
{{- end }}

{{/*
The placement group's affinity and the user's. Several Coordinators are in no need of a group: whichever node one is on,
another one hands it the key.
*/}}
{{- define "marblerun.coordinator.affinity" -}}
{{- $group := "" }}
{{- if include "marblerun.distributed.several" . }}
{{- $group = include "marblerun.distributed.affinity" . }}
{{- else }}
{{- $group = include "marblerun.placement.affinity" (list . (include "marblerun.placement.groupLabel" .)) }}
{{- end }}
{{- include "marblerun.placement.merged" (list ($group | fromYaml) .Values.coordinator.affinity) }}
{{- end }}

{{/*
The anchor goes where the Coordinator is, and so only to nodes that the Coordinator wants.
*/}}
{{- define "marblerun.anchor.affinity" -}}
{{- $nodes := pick (.Values.coordinator.affinity | default dict) "nodeAffinity" }}
{{- $group := include "marblerun.placement.affinity" (list . (include "marblerun.selectorLabels" (list . "coordinator"))) | fromYaml }}
{{- include "marblerun.placement.merged" (list $group $nodes) }}
{{- end }}

{{/*
An affinity added to that of the placement group. Terms of a node selector are alternatives, so that the nodes to leave stand in
each of them; other terms hold together. Takes (list group affinity), both as maps.
*/}}
{{- define "marblerun.placement.merged" -}}
{{- $group := index . 0 }}
{{- $all := deepCopy (index . 1 | default dict) }}
{{- range $kind := list "podAffinity" "podAntiAffinity" }}
{{- range $key, $terms := get $group $kind | default dict }}
{{- $pods := get $all $kind | default dict }}
{{- $_ := set $pods $key (concat $terms (get $pods $key | default list)) }}
{{- $_ := set $all $kind $pods }}
{{- end }}
{{- end }}
{{- with $group.nodeAffinity }}
{{- $away := index .requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms 0 }}
{{- $nodes := $all.nodeAffinity | default dict }}
{{- $terms := list }}
{{- range ($nodes.requiredDuringSchedulingIgnoredDuringExecution).nodeSelectorTerms | default (list dict) }}
{{- $terms = append $terms (merge (dict "matchFields" (concat (.matchFields | default list) $away.matchFields)) .) }}
{{- end }}
{{- $_ := set $nodes "requiredDuringSchedulingIgnoredDuringExecution" (dict "nodeSelectorTerms" $terms) }}
{{- $_ := set $all "nodeAffinity" $nodes }}
{{- end }}
{{- with $all }}{{ toYaml . }}{{ end }}
{{- end }}

{{/*
The Deployment for the hooks, which keep it in a ConfigMap: of the user's environment and of what volumes hold
in themselves they see digests, and of the user's containers what decides about a node.
*/}}
{{- define "marblerun.coordinator.deploymentCopy" -}}
{{- $deployment := include "marblerun.masked.object" (list . "marblerun.coordinator.deployment") | fromYaml }}
{{- $pod := $deployment.spec.template.spec }}
{{- $own := first $pod.containers }}
{{- $env := include "marblerun.coordinator.env" . | fromYamlArray }}
{{- $_ := set $own "env" (concat $env (include "marblerun.masked.env" (list . .Values.coordinator.extraEnv) | fromYamlArray)) }}
{{- $_ := set $pod "containers" (prepend (include "marblerun.masked.containers" (list . .Values.coordinator.extraContainers) | fromYamlArray) $own) }}
{{- if .Values.coordinator.initContainers }}
{{- $_ := set $pod "initContainers" (include "marblerun.masked.containers" (list . .Values.coordinator.initContainers) | fromYamlArray) }}
{{- end }}
{{- if .Values.coordinator.extraVolumes }}
{{- $_ := set $pod "volumes" (include "marblerun.masked.volumes" (list . $pod.volumes) | fromYamlArray) }}
{{- end }}
{{- toYaml $deployment }}
{{- end }}

{{/*
How many Coordinators an eviction may take: what the user says, else one of several, and never the only one.
*/}}
{{- define "marblerun.coordinator.maxUnavailable" -}}
{{- $own := (.Values.coordinator.podDisruptionBudget).maxUnavailable }}
{{- if kindIs "invalid" $own }}{{ ternary 1 0 (eq (include "marblerun.distributed.several" .) "true") }}{{ else }}{{ $own }}{{ end }}
{{- end }}
