{{/*
The marble-injector: the webhook that tells new pods of Marbles where the Coordinator is. Its names and selector are upstream's.
*/}}
{{- define "marblerun.injector.name" -}}marble-injector{{- end }}
{{- define "marblerun.injector.webhookName" -}}{{ printf "marble-injector-%s" .Release.Namespace }}{{- end }}
{{- define "marblerun.injector.certificateName" -}}marble-injector-serving-cert{{- end }}
{{- define "marblerun.injector.issuerName" -}}marble-injector-selfsigned-issuer{{- end }}
{{- define "marblerun.injector.secretName" -}}marble-injector-webhook-certs{{- end }}

{{/*
"true" where the injector is part of the release.
*/}}
{{- define "marblerun.injector.enabled" -}}
{{- if eq (include "marblerun.value" (list .Values "marbleInjector.start")) "true" }}true{{ end }}
{{- end }}

{{/*
"true" where cert-manager makes the certificate, and tells the webhook its authority.
*/}}
{{- define "marblerun.injector.certManager" -}}
{{- if and (include "marblerun.injector.enabled" .) (eq (.Values.marbleInjector.useCertManager | toString) "true") }}true{{ end }}
{{- end }}

{{/*
Settings of the injector that it shared with the Coordinator in older charts: the old key where one is set, else the new one.
That they agree is a requirement. Takes (list root name).
*/}}
{{- define "marblerun.injector.setting" -}}
{{- $values := (index . 0).Values }}
{{- include "marblerun.value" (list $values (printf "global.image.%s" (index . 1))) | default (include "marblerun.value" (list $values (printf "marbleInjector.%s" (index . 1)))) }}
{{- end }}

{{- define "marblerun.injector.image" -}}
{{- $version := include "marblerun.injector.setting" (list . "version") }}
{{- $repository := include "marblerun.injector.setting" (list . "repository") }}
{{- $default := (include "marblerun.defaults" . | fromYaml).injector.hash }}
{{- $path := printf "%s/%s" (include "marblerun.image.repository" (list . $repository $version)) .Values.marbleInjector.image }}
{{- include "marblerun.image.path" (list . $path) }}:{{ $version }}
{{- with include "marblerun.image.hash" (list . $version .Values.marbleInjector.hash $default) }}@{{ . }}{{ end }}
{{- end }}

{{/*
What the Deployment and the Service select. No version: a selector is immutable, and charts up to 1.2.0 had one in it.
*/}}
{{- define "marblerun.injector.selector" -}}
app.kubernetes.io/name: {{ include "marblerun.injector.name" . }}
app.kubernetes.io/part-of: marblerun
{{- end }}

{{/*
Metadata of an object of the injector. Takes (list root component name).
*/}}
{{- define "marblerun.injector.metadata" -}}
{{- include "marblerun.metadata" (list (index . 0) (index . 1) (include "marblerun.injector.name" (index . 0)) (dict "name" (index . 2))) }}
{{- end }}

{{/*
The pods that the webhook is asked about: the user's choice, but none of the chart's own, which the injector would refuse.
*/}}
{{- define "marblerun.injector.objectSelector" -}}
{{- $chosen := .Values.marbleInjector.objectSelector | default dict }}
{{- $notOwn := dict "key" .Values.global.coordinatorComponentLabel "operator" "DoesNotExist" }}
{{- $expressions := list }}
{{- range $chosen.matchExpressions }}
{{- /* The API server keeps no empty list, so that a GitOps tool would see a difference for ever. */}}
{{- $expressions = append $expressions (ternary (omit . "values") . (empty .values)) }}
{{- end }}
{{- merge (dict "matchExpressions" (append $expressions $notOwn)) $chosen | toYaml }}
{{- end }}

{{/*
Whether it serves. The path has been there since 1.9.1; of an older one only its port tells.
*/}}
{{- define "marblerun.injector.probe" -}}
{{- if include "marblerun.version.before" (list (include "marblerun.injector.setting" (list . "version")) "1.9.1") -}}
tcpSocket:
  port: 8443
{{- else -}}
httpGet:
  path: /healthz
  port: 8443
  scheme: HTTPS
{{- end }}
{{- end }}
