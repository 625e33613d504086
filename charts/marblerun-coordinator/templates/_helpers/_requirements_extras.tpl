{{/*
What the user adds to the Coordinator's pod may not take the place of what the chart put there: the state depends on it.
*/}}
{{- define "marblerun.requirements.extras" -}}
{{- include "marblerun.requirements.names" . }}
{{- $budget := .Values.coordinator.podDisruptionBudget | default dict }}
{{- if not (or (kindIs "invalid" $budget.minAvailable) (kindIs "invalid" $budget.maxUnavailable)) }}
{{- fail "coordinator.podDisruptionBudget has minAvailable and maxUnavailable, but Kubernetes takes one of them. Leave the other out." }}
{{- end }}
{{- range $index, $mount := .Values.coordinator.extraVolumeMounts }}
{{- $path := clean $mount.mountPath }}
{{- if or (has $path (list "/" "/coordinator" "/coordinator/data")) (hasPrefix "/coordinator/data/" $path) }}
{{- fail (printf "coordinator.extraVolumeMounts[%d] is mounted at %s, where the sealed state is. Choose another path." $index $path) }}
{{- end }}
{{- end }}
{{- $required := ((.Values.coordinator.affinity).podAffinity).requiredDuringSchedulingIgnoredDuringExecution }}
{{- if and $required (eq (include "marblerun.placement.stickiness" .) "required") (not (include "marblerun.distributed.several" .)) }}
{{- fail "coordinator.affinity.podAffinity requires other pods, but so does the placement group, and the scheduler wants one pod that all such terms are about: the Coordinator would never start. Use preferredDuringSchedulingIgnoredDuringExecution or nodeAffinity." }}
{{- end }}
{{- end }}

{{- define "marblerun.requirements.names" -}}
{{- $env := include "marblerun.coordinator.env" . | fromYamlArray }}
{{- $own := dict "extraEnv" (list "EDG_DEBUG_LOGGING") "extraVolumes" (list "coordinator-pv-storage" "dcap-conf") "extraContainers" (list "coordinator") "initContainers" (list "coordinator") }}
{{- range $env }}{{ $_ := set $own "extraEnv" (append $own.extraEnv .name) }}{{ end }}
{{- range $key, $names := $own }}
{{- range $index, $entry := get $.Values.coordinator $key | default list }}
{{- if has $entry.name $names }}
{{- fail (printf "coordinator.%s[%d] is named %s, which the chart makes itself. Choose another name; what the chart makes has values of its own." $key $index $entry.name) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
