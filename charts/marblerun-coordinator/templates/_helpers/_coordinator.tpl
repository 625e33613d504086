{{/*
Environment of the Coordinator.
*/}}
{{- define "marblerun.coordinator.env" -}}
{{- if .Values.coordinator.debugLogging }}
- name: EDG_DEBUG_LOGGING
  value: "1"
{{- end }}
- name: EDG_HTTP_ERROR_LOG_LEVEL
  value: {{ .Values.coordinator.httpErrorLogLevel | default "error" | quote }}
- name: EDG_COORDINATOR_MESH_ADDR
  value: {{ printf "%s:%d" .Values.coordinator.meshServerHost (int .Values.coordinator.meshServerPort) | quote }}
- name: EDG_COORDINATOR_CLIENT_ADDR
  value: {{ printf "%s:%d" .Values.coordinator.clientServerHost (int .Values.coordinator.clientServerPort) | quote }}
- name: EDG_COORDINATOR_DNS_NAMES
  value: {{ include "marblerun.coordinator.dnsNames" . | quote }}
- name: EDG_COORDINATOR_SEAL_DIR
  value: {{ .Values.coordinator.sealDir | quote }}
- name: OE_SIMULATION
  value: {{ ternary "1" "0" (eq (include "marblerun.simulation" .) "true") | quote }}
{{- include "marblerun.azure.env" . }}
{{- include "marblerun.distributed.env" . }}
{{- include "marblerun.metrics.env" . }}
{{- end }}

{{/*
Names in the Coordinator's certificate, separated by commas: the user's first, then the Services by short and long name.
*/}}
{{- define "marblerun.coordinator.dnsNames" -}}
{{- $services := list "coordinator-mesh-api" "coordinator-client-api" }}
{{- if include "marblerun.distributed" . }}{{ $services = append $services .Values.coordinator.keyAPIName }}{{ end }}
{{- $names := concat (compact (list .Values.coordinator.hostname)) (list "localhost") $services }}
{{- range $suffix := list .Release.Namespace (printf "%s.svc.cluster.local" .Release.Namespace) }}
{{- range $services }}{{ $names = append $names (printf "%s.%s" . $suffix) }}{{ end }}
{{- end }}
{{- join "," $names }}
{{- end }}

{{/*
A probe of the Coordinator. The state API has had its path since 1.5.0.
Takes (list root timing).
*/}}
{{- define "marblerun.coordinator.probe" -}}
{{- $root := index . 0 }}
{{- $version := include "marblerun.setting" (list $root "version") }}
{{- $old := include "marblerun.version.before" (list $version "1.5.0") -}}
httpGet:
  path: {{ ternary "/status" "/api/v2/status" (eq $old "true") }}
  port: {{ int $root.Values.coordinator.clientServerPort }}
  scheme: HTTPS
{{- with index . 1 }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
Resources of the Coordinator. In simulation mode each default SGX limit is left out; other settings stay.
*/}}
{{- define "marblerun.coordinator.resources" -}}
{{- $resources := .Values.coordinator.resources | default dict }}
{{- if include "marblerun.simulation" . }}
{{- $sgx := (get (include "marblerun.defaults" . | fromYaml) "resources").limits }}
{{- $limits := dict }}
{{- range $name, $amount := $resources.limits }}
{{- if ne (toString $amount) (toString (get $sgx $name)) }}{{ $_ := set $limits $name $amount }}{{ end }}
{{- end }}
{{- $resources = omit $resources "limits" }}
{{- if $limits }}{{ $resources = merge (dict "limits" $limits) $resources }}{{ end }}
{{- end }}
{{- with $resources }}{{ toYaml . }}{{ end }}
{{- end }}
