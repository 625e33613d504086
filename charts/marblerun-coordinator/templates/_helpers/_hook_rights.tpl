{{/*
ServiceAccount and bindings of a hook. These helpers take (list root hook).
*/}}

{{- define "marblerun.hook.serviceAccount" -}}
{{- if include "marblerun.serviceAccount.made" . -}}
{{- $annotations := include "marblerun.serviceAccount.annotations" . | fromYaml -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- $more := dict "name" (include "marblerun.serviceAccount.name" .) "annotations" $annotations }}
  {{- include "marblerun.hook.metadata" (list (index . 0) (index . 1) -20 $more) | nindent 2 }}
automountServiceAccountToken: false
{{- end }}
{{- end }}

{{- define "marblerun.hook.roleBinding" -}}
{{- if include "marblerun.rbac.made" (index . 0) -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "marblerun.hook.metadata" (list (index . 0) (index . 1) -18) | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ include "marblerun.hooks.name" (index . 1) }}
subjects:
  {{- include "marblerun.rbac.subjects" . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "marblerun.hook.clusterRoleBinding" -}}
{{- $root := index . 0 }}
{{- $suffix := include "marblerun.hook.clusterSuffix" $root -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  {{- include "marblerun.hook.metadata" (list $root (index . 1) -16 (include "marblerun.hook.suffixed" . | fromYaml)) | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ include "marblerun.hooks.name" (index . 1) }}{{ $suffix }}
subjects:
  {{- include "marblerun.rbac.subjects" . | nindent 2 }}
{{- end }}

{{/*
The rights to Marbles, in each namespace that may have some. Takes (list root hook rules).
*/}}
{{- define "marblerun.hook.marbleRoles" -}}
{{- $root := index . 0 }}
{{- $hook := index . 1 }}
{{- $rules := index . 2 }}
{{- range include "marblerun.rbac.namespaces" $root | fromYamlArray }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  {{- include "marblerun.hook.metadata" (list $root $hook -17 (include "marblerun.hook.suffixed" (list $root $hook .) | fromYaml)) | nindent 2 }}
rules:
  {{- $rules | nindent 2 }}
{{- end }}
{{- end }}

{{- define "marblerun.hook.marbleRoleBindings" -}}
{{- $root := index . 0 }}
{{- $hook := index . 1 }}
{{- $suffix := include "marblerun.hook.clusterSuffix" $root }}
{{- range include "marblerun.rbac.namespaces" $root | fromYamlArray }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "marblerun.hook.metadata" (list $root $hook -16 (include "marblerun.hook.suffixed" (list $root $hook .) | fromYaml)) | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ include "marblerun.hooks.name" $hook }}{{ $suffix }}
subjects:
  {{- include "marblerun.rbac.subjects" (list $root $hook) | nindent 2 }}
{{- end }}
{{- end }}
