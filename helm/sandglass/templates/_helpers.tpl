{{/* What is the same in ./run and here is read from dapr/ itself: services, ports, JVM options, app health. */}}
{{- define "sandglass.runFile" -}}
{{- .Files.Get "dapr/dapr.yaml" -}}
{{- end -}}

{{/* Labels of everything; with "app" those of a service's pods. */}}
{{- define "sandglass.selector" -}}
app.kubernetes.io/name: {{ .app }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{- define "sandglass.labels" -}}
{{- with .app }}
app.kubernetes.io/name: {{ . }}
{{- end }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: sandglass
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end -}}

{{- define "sandglass.image" -}}
{{ .root.Values.image.registry }}/sandglass-{{ .app }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end -}}

{{/* "Restricted" of the pod security standards; the root file system is read only, /tmp is in memory. */}}
{{- define "sandglass.podSecurity" -}}
{runAsNonRoot: true, runAsUser: {{ .user }}, runAsGroup: {{ .user }}, fsGroup: {{ .user }}, seccompProfile: {type: RuntimeDefault}}
{{- end -}}
{{- define "sandglass.containerSecurity" -}}
{allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
{{- end -}}

{{/* Where every pod may run, and how its image is fetched. */}}
{{- define "sandglass.placement" }}
      {{- with .Values.image.pullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}

{{/* Names of the secrets that a service reads from the store; of all services without "app". */}}
{{- define "sandglass.secretNames" -}}
{{- $app := .app }}
{{- with .root.Values }}
- postgres-connection-string
{{- if has $app (list nil "task" "sync") }}
- ticket-key
{{- end }}
{{- if and .trial.enabled (has $app (list nil "task")) }}
- token-key
{{- end }}
{{- if and (or (eq .logs "json") .dapr.tracing.endpoint) (has $app (list nil "task")) }}
- log-key
{{- end }}
{{- if not .trial.enabled }}
{{- if eq .kafka.auth "password" }}
- kafka-password
{{- end }}
{{- if eq .kafka.auth "mtls" }}
- kafka-client-certificate
- kafka-client-key
{{- end }}
{{- if .kafka.privateCa }}
- kafka-ca-certificate
{{- end }}
{{- end }}
{{- if .mail.username }}
- mail-password
{{- end }}
{{- if and .conversation.type .conversation.key (has $app (list nil "task")) }}
- conversation-key
{{- end }}
{{- range .secrets.forRoutes }}
- {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Who calls whom by service invocation: app to its callers. Its own sidecar needs no leave. */}}
{{- define "sandglass.callers" -}}
task: [recurrence, reminder, audit, sync]
recurrence: [task]
reminder: [task, sync]
audit: [task]
sync: [task]
{{- end -}}

{{/* What no schema can say about values that are fine each by itself. */}}
{{- define "sandglass.check" -}}
{{- $v := .Values }}
{{- if gt (len .Release.Name) 40 }}{{ fail (printf "the release's name %s is longer than 40 characters" .Release.Name) }}{{ end }}
{{- if not (regexMatch "^[a-z][a-z0-9-]*$" .Release.Name) }}{{ fail (printf "the release's name %s cannot begin the name of a Service: a letter first, then letters, digits and -" .Release.Name) }}{{ end }}
{{- /* Dapr finds services by their app ids and components by their names, which are one each in a namespace. */}}
{{- range (lookup "apps/v1" "Deployment" .Release.Namespace "").items }}
{{- $of := .metadata.labels | default dict }}
{{- $other := get $of "app.kubernetes.io/instance" }}
{{- if and (eq (get $of "app.kubernetes.io/part-of") "sandglass") (ne $other $.Release.Name) }}{{ fail (printf "namespace %s has release %s of this chart already, and its app ids (task, …) are one each in a namespace: install %s into another" $.Release.Namespace $other $.Release.Name) }}{{ end }}
{{- end }}
{{- range $app, $it := $v.services }}{{- range $name, $value := $it.env }}
{{- include "sandglass.checkVariable" (dict "root" $ "app" $app "name" $name) }}
{{- end }}{{ end }}
{{- if not $v.trial.enabled }}
{{- if not $v.kafka.brokers }}{{ fail "kafka.brokers is empty: name your brokers, or set trial.enabled=true to try things out" }}{{ end }}
{{- if not $v.identity.issuer }}{{ fail "identity.issuer is empty: say who issues your users' tokens, or set trial.enabled=true to try things out" }}{{ end }}
{{- if and (eq $v.kafka.auth "password") (not $v.kafka.username) }}{{ fail "kafka.auth is password and kafka.username is empty" }}{{ end }}
{{- if and $v.kafka.privateCa (eq $v.kafka.auth "none") }}{{ fail "kafka.privateCa needs kafka.auth password or mtls: without it there is no TLS" }}{{ end }}
{{- end }}
{{- if and (eq $v.secrets.store "azure") (not (and $v.secrets.azure.vault $v.secrets.azure.clientId $v.secrets.azure.tenantId)) }}{{ fail "secrets.store is azure: secrets.azure.vault, clientId and tenantId are needed" }}{{ end }}
{{- if and (eq $v.secrets.store "google") (not $v.secrets.google.project) }}{{ fail "secrets.store is google and secrets.google.project is empty" }}{{ end }}
{{- if and $v.trial.enabled (ne $v.secrets.store "kubernetes") }}{{ fail "trial.enabled needs secrets.store kubernetes: it draws its secrets itself" }}{{ end }}
{{- if and $v.secrets.externalSecrets.store (ne $v.secrets.store "kubernetes") }}{{ fail "secrets.externalSecrets.store needs secrets.store kubernetes: that is where secrets are copied to" }}{{ end }}
{{- if and $v.trial.enabled $v.secrets.externalSecrets.store }}{{ fail "secrets.externalSecrets.store does not go with trial.enabled, which draws its secrets itself" }}{{ end }}
{{- if and (eq $v.ingress.kind "gateway") (not $v.ingress.gateway.name) }}{{ fail "ingress.kind is gateway and ingress.gateway.name is empty" }}{{ end }}
{{- range $service, $files := $v.routes }}{{- range $file, $text := $files }}{{- if $text }}
{{- range fromYamlArray $text }}
{{- if not (and (kindIs "map" .) (eq (join " " (keys .)) "route")) }}{{ fail (printf "routes.%s: %s is no list of routes in YAML, each a '- route:': %v" $service $file .) }}{{ end }}
{{- end }}
{{- end }}{{ end }}{{ end }}
{{- range $service, $it := $v.services }}{{- range $part := list "resources" "sidecar" }}{{- range $what, $limit := (get $it $part).limits }}
{{- $request := get (get $it $part).requests $what }}
{{- if gt (include "sandglass.amount" $request | float64) (include "sandglass.amount" $limit | float64) }}{{ fail (printf "services.%s.%s.requests.%s, %v, is above its limit, %v" $service $part $what $request $limit) }}{{ end }}
{{- end }}{{ end }}{{ end }}
{{- range $service, $it := $v.services }}{{- range $by := list "autoscaling" "lag" }}{{- with get $it $by }}{{- if .enabled }}
{{- if lt (int .maxReplicas) (int $it.replicas) }}{{ fail (printf "services.%s.%s.maxReplicas is below services.%s.replicas" $service $by $service) }}{{ end }}
{{- if and (eq $by "lag") (not $v.trial.enabled) (ne $v.kafka.auth "none") (not $v.keda.authentication) }}{{ fail (printf "services.%s.lag.enabled needs keda.authentication: the brokers ask who KEDA is (kafka.auth)" $service) }}{{ end }}
{{- end }}{{ end }}{{ end }}{{ end }}
{{- range $name, $text := dict "publicUrl" $v.publicUrl "kafka.brokers" $v.kafka.brokers "dapr.tracing.endpoint" $v.dapr.tracing.endpoint "conversation.endpoint" $v.conversation.endpoint "identity.issuer" $v.identity.issuer "identity.keysUrl" $v.identity.keysUrl "image.registry" $v.image.registry }}
{{- range include "sandglass.ports" $text | fromYamlArray }}{{- if or (lt (int .) 1) (gt (int .) 65535) }}{{ fail (printf "%s: there is no port %d" $name (int .)) }}{{ end }}{{ end }}
{{- end }}
{{- end -}}

{{/* A variable of services.<app>.env: a setting of the service, of its frameworks, or an integrator's. */}}
{{- define "sandglass.checkVariable" -}}
{{- $here := printf "services.%s.env.%s" .app .name }}
{{- $set := list "DAPR_API_TOKEN" "APP_API_TOKEN" "JDK_JAVA_OPTIONS" "QUARKUS_HTTP_HOST" "QUARKUS_HTTP_PORT" "SANDGLASS_DSL_YAML" "SANDGLASS_SIDECAR_LEAVES_FIRST" "SANDGLASS_HOOKS_SECRETS" "SANDGLASS_PUBLIC_PORT" "SANDGLASS_LIVE_URL" "SANDGLASS_PROFILE" "SANDGLASS_TASK_KEEP_CHANGES" "SANDGLASS_TASK_KEEP_CHANGES_FOR" "SANDGLASS_TASK_CONVERSATION" "SANDGLASS_SYNC_ALLOWED_ORIGINS" }}
{{- if eq .app "task" }}{{ $set = append $set "QUARKUS_SHUTDOWN_DELAY" }}{{ end }}
{{- if eq .root.Values.logs "json" }}{{ $set = append $set "QUARKUS_LOG_CONSOLE_JSON_ENABLED" }}{{ end }}
{{- if .root.Values.dapr.tracing.endpoint }}{{ $set = concat $set (list "QUARKUS_OTEL_SDK_DISABLED" "QUARKUS_OTEL_EXPORTER_OTLP_PROTOCOL" "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT" "QUARKUS_OTEL_TRACES_SAMPLER_ARG") }}{{ end }}
{{- if has .name $set }}{{ fail (printf "%s is set by the chart itself, from its other values" $here) }}{{ end }}
{{- if hasPrefix "SANDGLASS_IDENTITY_" .name }}{{ fail (printf "%s is set by the chart itself: use identity" $here) }}{{ end }}
{{- $keys := list }}
{{- range $line := splitList "\n" (printf "%s\n%s" (.root.Files.Get (printf "settings/%s.properties" .app)) (.root.Files.Get "settings/all.properties")) }}
{{- range regexFindAll "^#?[a-z][a-zA-Z0-9.-]*=" $line 1 }}{{ $keys = append $keys (trimAll "#=" . | upper | replace "." "_" | replace "-" "_") }}{{ end }}
{{- end }}
{{- if not (or (has .name $keys) (regexMatch "^(QUARKUS|CAMEL|OTEL|HOOK)_[A-Z0-9_]+$|^TZ$|^JAVA_TOOL_OPTIONS$" .name)) }}{{ fail (printf "%s is no setting of %s: one of its own, or QUARKUS_…, CAMEL_…, OTEL_…, HOOK_…, TZ, JAVA_TOOL_OPTIONS" $here .app) }}{{ end }}
{{- end -}}

{{/* A value as text. A number from a file is a float, which has an exponent from a million on. */}}
{{- define "sandglass.text" -}}
{{- if and (kindIs "float64" .) (eq (int64 . | float64) .) }}{{ int64 . }}{{ else }}{{ . }}{{ end }}
{{- end -}}

{{/* How much a quantity of Kubernetes is, in bytes or processors. */}}
{{- define "sandglass.amount" -}}
{{- $unit := regexFind "[A-Za-z]*$" (toString .) }}
{{- $units := dict "" 1 "m" 0.001 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 }}
{{- mulf (toString . | trimSuffix $unit) (get $units $unit) }}
{{- end -}}

{{/* The ports named in a text of addresses. */}}
{{- define "sandglass.ports" -}}
{{- range regexFindAll ":[0-9]+" . -1 }}
- {{ trimPrefix ":" . | atoi }}
{{- end }}
{{- end -}}

{{/* Ports of what the values name outside the cluster, and those of networkPolicy.egressPorts. */}}
{{- define "sandglass.egressPorts" -}}
{{- $ports := .Values.networkPolicy.egressPorts }}
{{- with .Values }}
{{- $named := list .dapr.tracing.endpoint .conversation.endpoint }}
{{- if not .trial.enabled }}{{ $named = append $named .kafka.brokers }}{{ $named = append $named (include "sandglass.keysUrl" $) }}{{ end }}
{{- if ne .mail.host "localhost" }}{{ $named = append $named (printf ":%d" (int .mail.port)) }}{{ end }}
{{- $ports = concat $ports (include "sandglass.ports" (join " " $named) | fromYamlArray) }}
{{- end }}
{{- range $ports | uniq }}
- port: {{ int . }}
{{- end }}
{{- end -}}

{{/* What makes a cloud take a pod for its workload identity. */}}
{{- define "sandglass.identity" -}}
{{- if eq .Values.secrets.store "azure" }}
annotations: {azure.workload.identity/client-id: {{ .Values.secrets.azure.clientId | quote }}}
labels: {azure.workload.identity/use: "true"}
{{- else }}
annotations: {}
labels: {}
{{- end }}
{{- end -}}

{{/* Where the issuer's keys are. */}}
{{- define "sandglass.keysUrl" -}}
{{ .Values.identity.keysUrl | default (printf "%s/.well-known/jwks.json" (trimSuffix "/" .Values.identity.issuer)) }}
{{- end -}}

{{/* How every Kafka component reaches the brokers and proves who it is; a list of metadata. */}}
{{- define "sandglass.brokers" -}}
{{- if .Values.trial.enabled }}
- {name: brokers, value: "{{ .Release.Name }}-kafka:9092"}
- {name: authType, value: none}
{{- else }}
{{- with .Values.kafka }}
- {name: brokers, value: {{ .brokers | quote }}}
- {name: authType, value: {{ .auth }}}
{{- if eq .auth "password" }}
- {name: saslMechanism, value: {{ .mechanism }}}
- {name: saslUsername, value: {{ .username | quote }}}
- {name: saslPassword, secretKeyRef: {name: kafka-password, key: kafka-password}}
{{- end }}
{{- if eq .auth "mtls" }}
- {name: clientCert, secretKeyRef: {name: kafka-client-certificate, key: kafka-client-certificate}}
- {name: clientKey, secretKeyRef: {name: kafka-client-key, key: kafka-client-key}}
{{- end }}
{{- if .privateCa }}
- {name: caCert, secretKeyRef: {name: kafka-ca-certificate, key: kafka-ca-certificate}}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Where the mail of integrators' routes goes; a list of metadata. */}}
{{- define "sandglass.mail" -}}
{{- with .Values.mail }}
- {name: host, value: {{ .host | quote }}}
- {name: port, value: {{ .port | quote }}}
- {name: emailFrom, value: {{ .from | quote }}}
{{- if .username }}
- {name: user, value: {{ .username | quote }}}
- {name: password, secretKeyRef: {name: mail-password, key: mail-password}}
{{- end }}
{{- end }}
{{- end -}}

{{/* Where the language model is; a list of metadata. */}}
{{- define "sandglass.conversation" -}}
{{- with .Values.conversation }}
{{- if .model }}
- {name: model, value: {{ .model | quote }}}
{{- end }}
{{- if .endpoint }}
- {name: endpoint, value: {{ .endpoint | quote }}}
{{- end }}
{{- if .key }}
- {name: key, secretKeyRef: {name: conversation-key, key: conversation-key}}
{{- end }}
{{- end }}
{{- end -}}

{{/* The store that component "secrets" stands for; "spec" of it. */}}
{{- define "sandglass.secretStore" -}}
{{- with .Values.secrets }}
version: v1
{{- if eq .store "azure" }}
type: secretstores.azure.keyvault
metadata:
  - {name: vaultName, value: {{ .azure.vault | quote }}}
  - {name: azureClientId, value: {{ .azure.clientId | quote }}}
  - {name: azureTenantId, value: {{ .azure.tenantId | quote }}}
{{- else if eq .store "google" }}
type: secretstores.gcp.secretmanager
metadata:
  - {name: project_id, value: {{ .google.project | quote }}}
{{- else }}
type: secretstores.kubernetes
metadata: []
{{- end }}
{{- end }}
{{- end -}}

{{/* Every topic there is: what services subscribe to, and the dead letters of it. */}}
{{- define "sandglass.topics" -}}
{{- $topics := list }}
{{- range $path, $text := .Files.Glob "dapr/subscriptions/*.yaml" }}
{{- $it := ($text | toString | fromYaml).spec }}
{{- $topics = concat $topics (compact (list $it.topic $it.deadLetterTopic)) }}
{{- end }}
{{- $topics | uniq | sortAlpha | toYaml }}
{{- end -}}
