{{- define "marblerun.injector.podSpec" -}}
{{- $injector := .Values.marbleInjector -}}
serviceAccountName: {{ include "marblerun.serviceAccount.name" (list . "injector") }}
automountServiceAccountToken: false
{{- with include "marblerun.imagePullSecrets" . }}
imagePullSecrets:
  {{- . | trim | nindent 2 }}
{{- end }}
securityContext:
  {{- include "marblerun.ownPods.podSecurity" . | nindent 2 }}
# It needs no SGX, so the Coordinator's nodes and taints are none of its business.
nodeSelector:
  kubernetes.io/os: linux
containers:
  - name: marble-injector
    image: {{ include "marblerun.injector.image" . | quote }}
    imagePullPolicy: {{ include "marblerun.injector.setting" (list . "pullPolicy") }}
    args:
      - {{ printf "-coordAddr=coordinator-mesh-api.%s:%d" .Release.Namespace (int .Values.coordinator.meshServerPort) }}
      - -tlsCertFile=/etc/webhook/certs/tls.crt
      - -tlsKeyFile=/etc/webhook/certs/tls.key
      - {{ printf "-sgxResource=%s" $injector.resourceKey | quote }}
    env:
      - name: EDG_HTTP_ERROR_LOG_LEVEL
        value: {{ $injector.httpErrorLogLevel | default "error" | quote }}
    ports:
      - name: http
        containerPort: 8443
    readinessProbe:
      {{- include "marblerun.injector.probe" . | nindent 6 }}
      periodSeconds: 5
    livenessProbe:
      {{- include "marblerun.injector.probe" . | nindent 6 }}
    securityContext:
      {{- include "marblerun.ownPods.containerSecurity" . | nindent 6 }}
    volumeMounts:
      - name: webhook-certs
        mountPath: /etc/webhook/certs
        readOnly: true
volumes:
  - name: webhook-certs
    secret:
      secretName: {{ include "marblerun.injector.secretName" . }}
{{- end }}
