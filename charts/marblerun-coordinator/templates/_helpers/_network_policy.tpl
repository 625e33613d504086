{{/*
NetworkPolicies: what the parts of the chart have to reach, and who reaches them. Why it is so stands in docs/network-policies.md.
*/}}

{{- define "marblerun.networkPolicy.enabled" -}}
{{- if eq (include "marblerun.value" (list .Values "networkPolicy.enabled")) "true" }}true{{ end }}
{{- end }}

{{/*
Ports of TCP, as a list. Takes the numbers.
*/}}
{{- define "marblerun.networkPolicy.ports" -}}
{{- range uniq . }}
- protocol: TCP
  port: {{ int . }}
{{- end }}
{{- end }}

{{/*
Names are asked of whoever serves DNS, behind its Service on another port with OpenShift.
*/}}
{{- define "marblerun.networkPolicy.toDns" -}}
- ports:
    {{- range $port := list 53 5353 }}
    {{- range list "UDP" "TCP" }}
    - protocol: {{ . }}
      port: {{ $port }}
    {{- end }}
    {{- end }}
{{- end }}

{{/*
The API server is no pod that could be selected: its addresses are the user's to name.
*/}}
{{- define "marblerun.networkPolicy.toApiServer" -}}
{{- $server := .Values.networkPolicy.apiServer | default dict }}
{{- $defaults := (include "marblerun.defaults" . | fromYaml).networkPolicy.apiServer -}}
- ports:
    {{- include "marblerun.networkPolicy.ports" ($server.ports | default $defaults.ports) | nindent 4 }}
  {{- with $server.cidrs }}
  to:
    {{- range . }}
    - ipBlock:
        cidr: {{ . | quote }}
    {{- end }}
  {{- end }}
{{- end }}

{{/*
Takes (list root ports).
*/}}
{{- define "marblerun.networkPolicy.toCoordinator" -}}
- ports:
    {{- include "marblerun.networkPolicy.ports" (index . 1) | nindent 4 }}
  to:
    - podSelector:
        matchLabels:
          {{- include "marblerun.selectorLabels" (list (index . 0) "coordinator") | nindent 10 }}
{{- end }}

{{/*
Pods of the hooks' program: they ask the API server and the Coordinator, and nobody asks them.
Takes (list root components ports), the ports being the Coordinator's; without any, the pods do not ask that.
*/}}
{{- define "marblerun.networkPolicy.asking" -}}
{{- $root := index . 0 -}}
podSelector:
  matchLabels:
    {{ $root.Values.global.coordinatorNamespaceLabel }}: {{ $root.Release.Namespace | quote }}
  matchExpressions:
    - key: {{ $root.Values.global.coordinatorComponentLabel }}
      operator: In
      values: {{ index . 1 | toJson }}
policyTypes: [Ingress, Egress]
egress:
  {{- include "marblerun.networkPolicy.toDns" $root | nindent 2 }}
  {{- include "marblerun.networkPolicy.toApiServer" $root | nindent 2 }}
  {{- with index . 2 }}
  {{- include "marblerun.networkPolicy.toCoordinator" (list $root .) | nindent 2 }}
  {{- end }}
{{- end }}

{{/*
The policy of a hook's pods, and of those that it makes. It is a hook too, and the first: ordinary objects are not there yet.
Takes (list root hook components ports).
*/}}
{{- define "marblerun.networkPolicy.hook" -}}
{{- $root := index . 0 -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "marblerun.hook.metadata" (list $root (index . 1) -21) | nindent 2 }}
spec:
  {{- include "marblerun.networkPolicy.asking" (list $root (index . 2) (index . 3)) | nindent 2 }}
{{- end }}

{{/*
"true" where a policy of this hook is rendered. Takes (list root hook).
*/}}
{{- define "marblerun.networkPolicy.ofHook" -}}
{{- if and (include "marblerun.networkPolicy.enabled" (index . 0)) (include "marblerun.hook.enabled" .) }}true{{ end }}
{{- end }}
