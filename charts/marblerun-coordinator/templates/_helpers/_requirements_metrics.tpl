{{/*
What must hold for the metrics: half a setting would have no effect, without a word.
*/}}
{{- define "marblerun.requirements.metrics" -}}
{{- if include "marblerun.metrics.enabled" . }}
{{- $port := int .Values.metrics.port }}
{{- if not $port }}
{{- fail "metrics.port has no value, but metrics.enabled needs one. Leave it out for the default." }}
{{- end }}
{{- $taken := dict "coordinator.clientServerPort" .Values.coordinator.clientServerPort "coordinator.meshServerPort" .Values.coordinator.meshServerPort }}
{{- if include "marblerun.distributed" . }}{{ $_ := set $taken "the port of the key exchange" (include "marblerun.distributed.keyPort" .) }}{{ end }}
{{- range $other, $number := $taken }}
{{- if eq $port (int $number) }}
{{- fail (printf "metrics.port is %d, and so is %s, but two servers cannot listen on one port. Choose another port for the metrics." $port $other) }}
{{- end }}
{{- end }}
{{- else }}
{{- range list "podMonitor" "prometheusRule" }}
{{- if eq (include "marblerun.value" (list $.Values (printf "metrics.%s.enabled" .))) "true" }}
{{- fail (printf "metrics.%s.enabled is true, but the Coordinator serves no metrics. Set metrics.enabled to true as well." .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
