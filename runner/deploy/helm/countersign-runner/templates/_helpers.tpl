{{/* The name of every object: the release's, with the chart's where the release does not say it; 63 at most. */}}
{{- define "countersign-runner.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What the Deployment, the NetworkPolicy and the budget know the pods by. It can never change. */}}
{{- define "countersign-runner.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "countersign-runner.labels" -}}
{{ include "countersign-runner.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "countersign-runner.image" -}}
{{- $repository := required "image.repository is required: where you pushed the image that runner/deploy/Dockerfile makes" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* Where the pod has its secrets: `token`, and for each source `database-url.<id>`. */}}
{{- define "countersign-runner.secretsPath" -}}
/run/secrets/countersign
{{- end -}}

{{/* The runner's configuration. Secrets are in it by their path, and the name of each runner is that of its pod. */}}
{{- define "countersign-runner.config" -}}
{{- if not .Values.sources -}}
{{- fail "sources is required: the databases, by source id, as the comment in values.yaml shows" -}}
{{- end -}}
{{- $root := include "countersign-runner.secretsPath" . -}}
{{- $url := required "controlPlane.url is required: the control plane's origin, such as https://countersign.example.com" .Values.controlPlane.url -}}
{{- $plane := dict "url" $url "token" (dict "file" (printf "%s/token" $root)) -}}
{{- if .Values.controlPlane.projectId -}}
{{- $_ := set $plane "project_id" .Values.controlPlane.projectId -}}
{{- end -}}
{{- $sources := dict -}}
{{- range $id, $source := .Values.sources -}}
{{- $place := dict "file" (printf "%s/database-url.%s" $root $id) -}}
{{- $_ := set $sources $id (set (deepCopy $source.settings) "database_url" $place) -}}
{{- end -}}
{{- $config := dict "control_plane" $plane "runner_id" (dict "env" "POD_NAME") "sources" $sources -}}
{{- $_ := set $config "mode" .Values.mode -}}
{{- $_ := set $config "profile" .Values.profile -}}
{{- $_ := set $config "lanes" .Values.lanes -}}
{{- $_ := set $config "http" .Values.http -}}
{{- toPrettyJson $config -}}
{{- end -}}
