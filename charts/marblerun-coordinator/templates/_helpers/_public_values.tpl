{{/*
The release's values for the hooks, which keep them in a ConfigMap and in the record: secrets are digests.
*/}}

{{/*
Where the user names annotations and labels, as a list of dotted paths, and the one section that is there for a secret.
*/}}
{{- define "marblerun.publicValues.named" -}}
- commonAnnotations
- commonLabels
- coordinator.azureCredentials
- coordinator.podAnnotations
- coordinator.podLabels
- global.podAnnotations
- global.podLabels
- hooks.annotations
- hooks.podAnnotations
- hooks.podLabels
- metrics.podMonitor.labels
- metrics.prometheusRule.labels
{{- range include "marblerun.serviceAccount.sections" . | fromYaml }}
- {{ . }}.serviceAccount.annotations
{{- end }}
{{- end }}

{{/*
Of the global values only those that are this chart's: a parent chart may have any others.
*/}}
{{- define "marblerun.publicValues" -}}
{{- $values := include "marblerun.masked" (concat (list . .Values) (include "marblerun.publicValues.named" . | fromYamlArray)) | fromYaml }}
{{- $_ := set $values "global" (pick $values.global "coordinatorComponentLabel" "coordinatorNamespaceLabel" "createdBy" "podAnnotations" "podLabels" "imageRegistry" "pullSecret" "imagePullSecrets" "image") }}
{{- range $key, $kind := dict "extraEnv" "env" "extraContainers" "containers" "initContainers" "containers" "extraVolumes" "volumes" }}
{{- with get $.Values.coordinator $key }}
{{- $_ := set $values.coordinator $key (include (printf "marblerun.masked.%s" $kind) (list $ .) | fromYamlArray) }}
{{- end }}
{{- end }}
{{- /* Headers for a PCCS, which may have an API key among them. */}}
{{- $qcnl := ($values.dcap).qcnlConfig | toString }}
{{- if contains "custom_request_options" $qcnl }}{{ $_ := set $values.dcap "qcnlConfig" (include "marblerun.digest" (list . $qcnl)) }}{{ end }}
{{- if .Values.extraObjects }}{{ $_ := set $values "extraObjects" (include "marblerun.masked.extraObjects" . | fromYamlArray) }}{{ end }}
{{- toYaml $values }}
{{- end }}
