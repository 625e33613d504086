{{/*
The pod that restores the sealed state. It needs no right in the cluster: it mounts the copies.
Takes (list root ring).
*/}}
{{- define "marblerun.restore.podSpec" -}}
{{- $root := index . 0 -}}
restartPolicy: Never
serviceAccountName: {{ include "marblerun.serviceAccount.name" (list $root "coordinator") }}
automountServiceAccountToken: false
{{- with include "marblerun.imagePullSecrets" $root }}
imagePullSecrets:
  {{- . | trim | nindent 2 }}
{{- end }}
securityContext:
  {{- include "marblerun.restore.podSecurity" $root | nindent 2 }}
{{- with include "marblerun.placement.tolerations" $root }}
tolerations:
  {{- . | nindent 2 }}
{{- end }}
{{- with $root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
affinity:
  # All nodes have one value of this label, so the scheduler runs either this pod or the Coordinator, wherever that is.
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/os
        labelSelector:
          matchLabels:
            {{- include "marblerun.selectorLabels" (list $root "coordinator") | nindent 12 }}
  # The node that the Coordinator will start on has the volume at hand, or the only right to it.
  podAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          {{- include "marblerun.placement.term" (include "marblerun.placement.groupLabel" $root) | nindent 10 }}
containers:
  - name: marblerun-hooks
    image: {{ include "marblerun.hooks.image" $root | quote }}
    imagePullPolicy: {{ ($root.Values.hooks.image).pullPolicy | default "IfNotPresent" }}
    args:
      - put-sealed-state
      - --from=/backups
      - --seal-dir={{ $root.Values.coordinator.sealDir }}
      - --copy=$(COPY)
      - --put-aside=$(REPLACE)
    env:
      # Name of the Secret to restore from; empty for the newest copy.
      - name: COPY
        value: ""
      # "yes" puts the copy in the place of another sealed state, which is kept beside it.
      - name: REPLACE
        value: "no"
    securityContext:
      {{- include "marblerun.ownPods.containerSecurity" $root | nindent 6 }}
    terminationMessagePolicy: FallbackToLogsOnError
    {{- with $root.Values.hooks.resources }}
    resources:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    volumeMounts:
      - name: coordinator-pv-storage
        mountPath: /coordinator/data
      - name: backups
        mountPath: /backups
        readOnly: true
volumes:
  - name: coordinator-pv-storage
    persistentVolumeClaim:
      claimName: {{ include "marblerun.coordinator.claim" $root }}
  - name: backups
    projected:
      defaultMode: 0444
      sources:
        {{- range $secret := index . 1 }}
        - secret:
            name: {{ $secret }}
            optional: true
            items:
              {{- range list "backup.json" "sealed_data" "sealed_key" }}
              - key: {{ . }}
                path: {{ $secret }}/{{ . }}
              {{- end }}
        {{- end }}
{{- end }}
