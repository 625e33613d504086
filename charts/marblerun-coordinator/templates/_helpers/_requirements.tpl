{{/*
What must hold across values. Each helper renders nothing, or fails with a message that names the key and the way out.
*/}}

{{- define "marblerun.requirements" -}}
{{- include "marblerun.requirements.kinds" . }}
{{- include "marblerun.requirements.complete" . }}
{{- include "marblerun.requirements.removedKeys" . }}
{{- include "marblerun.requirements.oldKeys" . }}
{{- include "marblerun.requirements.coordinator" . }}
{{- include "marblerun.requirements.distributed" . }}
{{- include "marblerun.requirements.azure" . }}
{{- include "marblerun.requirements.podLabels" . }}
{{- include "marblerun.requirements.common" . }}
{{- include "marblerun.requirements.extras" . }}
{{- include "marblerun.requirements.hooks" . }}
{{- include "marblerun.requirements.metrics" . }}
{{- include "marblerun.requirements.extraObjects" . }}
{{- include "marblerun.requirements.injector" . }}
{{- include "marblerun.requirements.rights" . }}
{{- end }}

{{- define "marblerun.requirements.complete" -}}
{{- range list "global.coordinatorComponentLabel" "global.coordinatorNamespaceLabel" "coordinator.clientServerHost" "coordinator.clientServerPort" "coordinator.meshServerHost" "coordinator.meshServerPort" "coordinator.sealDir" "coordinator.repository" "coordinator.image" "coordinator.version" "coordinator.pullPolicy" "coordinator.replicas" "coordinator.storageSize" "coordinator.probes" "placement" "anchor" "hooks" "hooks.image.repository" "hooks.image.image" "backup" "recovery" "rollout" }}
{{- if not (include "marblerun.value" (list $.Values .)) }}
{{- fail (printf "%s has no value. Either it was set to null, or `helm upgrade --reuse-values` took the values of an older chart, which does not have it: use --reset-then-reuse-values instead." .) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "marblerun.requirements.coordinator" -}}
{{- $ports := list .Values.coordinator.clientServerPort .Values.coordinator.meshServerPort }}
{{- if eq (len (uniq (list (index $ports 0 | int) (index $ports 1 | int)))) 1 }}
{{- fail (printf "coordinator.clientServerPort and coordinator.meshServerPort are both %d, but two servers cannot listen on one port. Choose another port for one of them." (index $ports 0 | int)) }}
{{- end }}
{{- $simulation := .Values.coordinator.simulation }}
{{- if and (kindIs "string" $simulation) (not (has $simulation (list "" "1" "true"))) }}
{{- fail (printf "coordinator.simulation is the text %q. Upstream's chart takes any text as true, even \"0\", and so turns simulation on. Write true or false without quotes." $simulation) }}
{{- end }}
{{- $sealDir := clean .Values.coordinator.sealDir }}
{{- if not (or (eq $sealDir "/coordinator/data") (hasPrefix "/coordinator/data/" $sealDir)) }}
{{- fail (printf "coordinator.sealDir is %q, but only /coordinator/data is on the PersistentVolume: anywhere else the state is lost with the pod. Use /coordinator/data or a folder in it." .Values.coordinator.sealDir) }}
{{- end }}
{{- end }}

{{/*
Labels of the user may not change who belongs to a Service, a Deployment or the placement group.
*/}}
{{- define "marblerun.requirements.podLabels" -}}
{{- $own := include "marblerun.labels" (list . "pod" "pod") | fromYaml }}
{{- $selected := include "marblerun.selectorLabels" (list . "pod") | fromYaml }}
{{- $group := include "marblerun.placement.groupLabel" . | fromYaml }}
{{- $reserved := keys $own $selected $group (include "marblerun.azure.podLabels" . | fromYaml) }}
{{- range $section, $labels := dict "global.podLabels" .Values.global.podLabels "coordinator.podLabels" .Values.coordinator.podLabels "hooks.podLabels" (.Values.hooks).podLabels }}
{{- range $key, $_ := $labels }}
{{- if has $key $reserved }}
{{- fail (printf "%s sets %s, which the chart sets itself. Choose another label." $section $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "marblerun.requirements.hooks" -}}
{{- $own := include "marblerun.hooks.deadlineSeconds" . }}
{{- $given := include "marblerun.hooks.activeDeadlineSeconds" . }}
{{- if ge (int $own) (int $given) }}
{{- fail (printf "hooks.deadlineSeconds is %s, but must be less than hooks.activeDeadlineSeconds, %s: a hook that Kubernetes ends cannot say what is missing." $own $given) }}
{{- end }}
{{- range $key, $_ := .Values.hooks.annotations }}
{{- if hasPrefix "helm.sh/" $key }}
{{- fail (printf "hooks.annotations sets %s, but when Helm runs and deletes a hook is the chart's to say. Remove it; hooks.enabled and its kin switch hooks off." $key) }}
{{- end }}
{{- end }}
{{- end }}
