{{/*
ServiceAccounts, and who makes them and their rights.
*/}}

{{/*
Each part that has a ServiceAccount -> the section whose `serviceAccount` is about it.
*/}}
{{- define "marblerun.serviceAccount.sections" -}}
coordinator: coordinator
injector: marbleInjector
anchor: anchor
preflight: hooks.preflight
rollout: hooks.rollout
test: hooks.test
roll: rollout
backup: backup
{{- end }}

{{/*
The user's `serviceAccount` of a part, as YAML. Takes (list root part).
*/}}
{{- define "marblerun.serviceAccount.values" -}}
{{- $node := (index . 0).Values }}
{{- range append (splitList "." (get (include "marblerun.serviceAccount.sections" (index . 0) | fromYaml) (index . 1))) "serviceAccount" }}
{{- $node = get ($node | default dict) . }}
{{- end }}
{{- $node | default dict | toYaml }}
{{- end }}

{{/*
Takes (list root part).
*/}}
{{- define "marblerun.serviceAccount.name" -}}
{{- $part := index . 1 }}
{{- $own := dict "coordinator" (include "marblerun.coordinator.name" (index . 0)) "injector" (include "marblerun.injector.name" (index . 0)) }}
{{- get (include "marblerun.serviceAccount.values" . | fromYaml) "name" | default (get $own $part) | default (include "marblerun.hooks.name" $part) }}
{{- end }}

{{/*
"true" where the chart makes the ServiceAccount. Takes (list root part).
*/}}
{{- define "marblerun.serviceAccount.made" -}}
{{- if ne (get (include "marblerun.serviceAccount.values" . | fromYaml) "create" | toString) "false" }}true{{ end }}
{{- end }}

{{/*
The user's annotations of a ServiceAccount, as YAML. Takes (list root part).
*/}}
{{- define "marblerun.serviceAccount.annotations" -}}
{{- get (include "marblerun.serviceAccount.values" . | fromYaml) "annotations" | default dict | toYaml }}
{{- end }}

{{/*
The subject of a binding. Takes (list root part).
*/}}
{{- define "marblerun.rbac.subjects" -}}
- kind: ServiceAccount
  name: {{ include "marblerun.serviceAccount.name" . }}
  namespace: {{ (index . 0).Release.Namespace }}
{{- end }}

{{/*
"true" where the chart makes roles and their bindings.
*/}}
{{- define "marblerun.rbac.made" -}}
{{- if ne ((.Values.rbac).create | toString) "false" }}true{{ end }}
{{- end }}

{{/*
How far the rights of the hooks go: `cluster`, or `namespaces`.
*/}}
{{- define "marblerun.rbac.scope" -}}
{{- (.Values.rbac).scope | default "cluster" }}
{{- end }}

{{/*
"true" where the chart makes rights of this scope. Takes (list root scope).
*/}}
{{- define "marblerun.rbac.scoped" -}}
{{- if and (include "marblerun.rbac.made" (index . 0)) (eq (include "marblerun.rbac.scope" (index . 0)) (index . 1)) }}true{{ end }}
{{- end }}

{{/*
The namespaces that rights of the scope `namespaces` are for, as a list: the release's and those of the Marbles.
*/}}
{{- define "marblerun.rbac.namespaces" -}}
{{- prepend ((.Values.rollout).namespaces | default list) .Release.Namespace | uniq | toYaml }}
{{- end }}
