package dev.sandglass.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart: what it renders is valid and is what ./run has; what cannot be is refused by name. */
@Tag("US-6")
@Tag("FR-011")
class ChartTest {
    private static final String TRIAL = "--set=trial.enabled=true";

    /** Every values file, and the main switches, each both ways and in what they have to do with each other. */
    static Stream<Arguments> combinations() {
        List<List<String>> all = new ArrayList<>();
        for (String file : List.of("minikube", "aks", "gke", "oke")) {
            all.add(List.of("--values=" + Tools.CHART.resolve("values-" + file + ".yaml")));
        }
        String own = "--set=kafka.brokers=a:9092\\,b:9092,identity.issuer=https://id.example.com/realms/home";
        for (String base : List.of(TRIAL, own)) {
            for (String ingress : List.of("none", "ingress", "gateway")) {
                for (boolean on : new boolean[] {true, false}) {
                    all.add(List.of(
                            base,
                            "--set=ingress.kind=" + ingress + ",ingress.gateway.name=gateway,networkPolicy.enabled="
                                    + on
                                    + ",podDisruptionBudget.enabled=" + on + ",services.task.autoscaling.enabled=" + on
                                    + ",services.audit.lag.enabled=" + on + ",keda.authentication="
                                    + (on ? "kafka" : "")
                                    + ",dapr.tracing.endpoint=" + (on ? "otel.monitoring:4317" : "") + ",logs="
                                    + (on ? "json" : "text")));
                }
            }
        }
        for (String auth : List.of("password", "mtls")) {
            all.add(List.of(
                    own, "--set=kafka.username=me,kafka.privateCa=true,kafka.strimzi.cluster=k,kafka.auth=" + auth));
        }
        all.add(List.of(
                own,
                "--set=secrets.store=azure,secrets.azure.vault=v,secrets.azure.clientId=c,secrets.azure.tenantId=t"));
        all.add(List.of(own, "--set=secrets.store=google,secrets.google.project=p"));
        all.add(List.of(own, "--set=conversation.type=openai,conversation.model=m"));
        all.add(List.of(own, "--set=conversation.type=ollama,conversation.key=false"));
        all.add(List.of(own, "--set=secrets.externalSecrets.store=vault,secrets.forRoutes={team-hook}"));
        all.add(List.of(
                own,
                "--set=secrets.generate=false,networkPolicy.from={ingress-nginx},networkPolicy.monitoring=monitoring"));
        return all.stream().map(Arguments::of);
    }

    @Test
    void lintFindsNothing() throws Exception {
        Tools.Said said = Tools.helm("lint", "--strict", TRIAL);
        assertEquals(0, said.exit(), said.out() + said.err());
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void whatItRendersIsValidForKubernetesAndDapr(List<String> values) throws Exception {
        String kubeconform = Tools.need("kubeconform");
        Tools.Said said = Tools.helm("template", values.toArray(String[]::new));
        assertEquals(0, said.exit(), said.err());
        Path file = Files.writeString(Files.createTempFile("rendered", ".yaml"), said.out());
        Path schemas = KubernetesSchemas.folder();
        Tools.Said judged = Tools.run(
                kubeconform,
                "-strict",
                "-summary",
                // There are no schemas here of these, other projects' resources.
                "-skip=KafkaTopic,ExternalSecret,ScaledObject,HTTPRoute,HealthCheckPolicy,GCPBackendPolicy",
                "-schema-location=" + schemas + "/{{.Group}}_{{.ResourceAPIVersion}}_{{.ResourceKind}}.json",
                file.toString());
        assertEquals(0, judged.exit(), judged.out() + judged.err());
        Files.delete(file);
    }

    @Test
    void kubeconformSeesAFieldThatDoesNotExist() throws Exception {
        String kubeconform = Tools.need("kubeconform");
        Path file = Files.writeString(
                Files.createTempFile("rendered", ".yaml"),
                Tools.helm("template", TRIAL)
                        .out()
                        .replaceFirst("maxSurge", "maxSurges")
                        .replaceFirst("deadLetterTopic", "deadLeterTopic"));
        Tools.Said judged = Tools.run(
                kubeconform,
                "-strict",
                "-schema-location=" + KubernetesSchemas.folder()
                        + "/{{.Group}}_{{.ResourceAPIVersion}}_{{.ResourceKind}}.json",
                file.toString());
        assertNotEquals(0, judged.exit());
        assertTrue(judged.out().contains("maxSurges") && judged.out().contains("deadLeterTopic"), judged.out());
        Files.delete(file);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            publicUrl=sandglass.example.com                     | publicUrl
            publicUrl=https://example.com/tasks                 | publicUrl
            publicUrl=http://a..b                               | /publicUrl
            publicUrl=http://-                                  | /publicUrl
            publicUrl=http://:80                                | /publicUrl
            publicUrl=https://[::1]:8443                        | /publicUrl
            pubicUrl=https://example.com                        | pubicUrl
            image.registry=                                     | /image/registry
            image.registry=Upper/Case                           | /image/registry
            image.registry=registry.example.com/                | /image/registry
            image.tag=a b                                       | /image/tag
            image.pullPolicy=Sometimes                          | /image/pullPolicy
            image.repo=x                                        | repo
            trial.enabled=yes                                   | /trial/enabled
            trial.kafka.java=java                               | /trial/kafka/java
            trial.storage=much                                  | /trial/storage
            trial.storage=0Gi                                   | /trial/storage
            identity.issuer=id.example.com                      | /identity/issuer
            identity.issuerUrl=https://id.example.com           | issuerUrl
            identity.userClaim=                                 | /identity/userClaim
            kafka.brokers=localhost                             | /kafka/brokers
            kafka.auth=sasl                                     | /kafka/auth
            kafka.mechanism=PLAIN                               | /kafka/mechanism
            kafka.partitions=0                                  | /kafka/partitions
            kafka.strimzi.name=k                                | name
            kafka.retentionHours=-1                             | /kafka/retentionHours
            mail.host=a b                                       | /mail/host
            mail.user=me                                        | user
            conversation.type=Open AI                           | /conversation/type
            conversation.endpoint=models.example.com            | /conversation/endpoint
            conversation.url=https://models.example.com         | url
            postgres.maxConnections=1                           | /postgres/maxConnections
            secrets.store=aws                                   | /secrets/store
            secrets.azure.vaultname=v                           | vaultname
            secrets.google.projectId=p                          | projectId
            secrets.externalSecrets.kind=Store                  | /secrets/externalSecrets/kind
            secrets.forRoutes={Team_Hook}                       | /secrets/forRoutes/0
            secrets.forRoutes={token-key}                       | /secrets/forRoutes/0
            secrets.forRoutes={channel-email-password}          | /secrets/forRoutes/0
            dapr.logLevel=verbose                               | /dapr/logLevel
            logs=xml                                            | /logs
            dapr.tracing.samplingRate=2                         | /dapr/tracing/samplingRate
            dapr.tracing.endpoint=http://otel:4317/             | /dapr/tracing/endpoint
            services.tasks.replicas=1                           | tasks
            services.task.replicas=0                            | /services/task/replicas
            services.task.lag.enabled=true                      | lag
            services.audit.autoscaling.enabled=true             | autoscaling
            services.sync.resources.limits.memory=lots          | /services/sync/resources/limits/memory
            services.task.resources.limits.memory=0Mi           | /services/task/resources/limits/memory
            services.task.sidecar.requests.memory=0.0Gi         | /services/task/sidecar/requests/memory
            services.task.sidecar.requests.cpu=0m               | /services/task/sidecar/requests/cpu
            services.sync.sidecar.limit.memory=1Gi              | limit
            services.task.env.lower=1                           | at '/services/task/env': additional properties 'lower'
            services.audit.env.lower=1                          | at '/services/audit/env': additional properties 'lower'
            services.task.env.SANDGLASS_TASK_WRITE_LIMITS=1s    | services.task.env.SANDGLASS_TASK_WRITE_LIMITS is no setting of task
            services.audit.env.SANDGLASS_TASK_WRITE_LIMIT=1s    | services.audit.env.SANDGLASS_TASK_WRITE_LIMIT is no setting of audit
            services.task.env.QUARKSU_LOG_LEVEL=DEBUG           | services.task.env.QUARKSU_LOG_LEVEL is no setting
            services.task.env.SANDGLASS_PROFILE=local           | services.task.env.SANDGLASS_PROFILE is set by the chart
            services.task.env.SANDGLASS_HOOKS_SECRETS=x         | services.task.env.SANDGLASS_HOOKS_SECRETS is set by the chart
            services.task.env.QUARKUS_SHUTDOWN_DELAY=1s         | services.task.env.QUARKUS_SHUTDOWN_DELAY is set by the chart
            logs=json,services.audit.env.QUARKUS_LOG_CONSOLE_JSON_ENABLED=false | services.audit.env.QUARKUS_LOG_CONSOLE_JSON_ENABLED is set by the chart
            dapr.tracing.endpoint=o:1,services.sync.env.QUARKUS_OTEL_SDK_DISABLED=true | services.sync.env.QUARKUS_OTEL_SDK_DISABLED is set by the chart
            services.task.env.SANDGLASS_TASK_CONVERSATION=x     | services.task.env.SANDGLASS_TASK_CONVERSATION is set by the chart
            services.sync.env.DAPR_API_TOKEN=x                  | services.sync.env.DAPR_API_TOKEN is set by the chart
            services.task.env.SANDGLASS_IDENTITY_ISSUER=x       | services.task.env.SANDGLASS_IDENTITY_ISSUER is set by the chart
            services.task.autoscaling.cpu=0                     | /services/task/autoscaling/cpu
            services.recurrence.lag.threshold=0                 | /services/recurrence/lag/threshold
            services.reminder.replica=1                         | replica
            keda.auth=x                                         | auth
            routes.tasks.a=x                                    | tasks
            serviceAccount.annotation=x                         | annotation
            ingress.kind=nginx                                  | /ingress/kind
            ingress.class=nginx                                 | class
            ingress.gateway.section=A B                         | /ingress/gateway/section
            networkPolicy.enabled=1                             | /networkPolicy/enabled
            networkPolicy.egressPorts={0}                       | /networkPolicy/egressPorts/0
            podDisruptionBudget.enable=true                     | enable
            drainSeconds=0                                      | /drainSeconds
            test.token=x                                        | token
            tolerations[0].op=x                                 | op
            tolerations[0].operator=Exists,tolerations[0].value=x | /tolerations/0/value
            tolerations[0].value=x                              | missing property 'key'
            tolerations[0].key=a b                              | /tolerations/0/key
            tolerations[0].key=a,tolerations[0].value=b c       | /tolerations/0/value
            tolerations[0].key=a,tolerations[0].tolerationSeconds=1 | missing property 'effect'
            trial.enabled=false                                 | kafka.brokers is empty
            trial.enabled=false,kafka.brokers=a:9               | identity.issuer is empty
            secrets.store=google,secrets.google.project=p       | trial.enabled needs secrets.store kubernetes
            ingress.kind=gateway                                | ingress.gateway.name is empty
            routes.task.rules=x                                 | at '/routes/task': additional properties 'rules'
            routes.task.rules\\.camel\\.yaml=x: [                 | routes.task: rules.camel.yaml is no list of routes
            routes.task.rules\\.camel\\.yaml=- foo: bar         | routes.task: rules.camel.yaml is no list of routes
            routes.task.rules\\.camel\\.yaml=[{route: {}}\\, {foo: bar}] | routes.task: rules.camel.yaml is no list of routes
            retention.days=1                                    | /retention/days
            podLabels.team=a b                                  | /podLabels/team
            podLabels.a b=c                                     | at '/podLabels': additional properties 'a b'
            podLabels.app\\.kubernetes\\.io/name=x              | /podLabels/app.kubernetes.io~1name
            nodeSelector.a\\.\\.b/c=d                           | at '/nodeSelector': additional properties 'a..b/c'
            serviceAccount.annotations.a b=c                    | at '/serviceAccount/annotations': additional properties 'a b'
            ingress.annotations.a b=c                           | at '/ingress/annotations': additional properties 'a b'
            services.task=null                                  | missing property 'task'
            services.sync.sidecar.requests.cpu=null             | /services/sync/sidecar/requests
            services.task.resources.requests.cpu=1Gi            | /services/task/resources/requests/cpu
            publicUrl=https://example.com:99999                 | publicUrl: there is no port 99999
            image.registry=localhost:99999/sandglass            | image.registry: there is no port 99999
            services.audit.lag.enabled=true,services.audit.replicas=9 | services.audit.lag.maxReplicas is below
            services.task.resources.requests.memory=1Gi         | services.task.resources.requests.memory, 1Gi, is above its limit, 640Mi
            services.audit.sidecar.requests.memory=257Mi        | services.audit.sidecar.requests.memory, 257Mi, is above
            services.sync.resources.limits.cpu=99m              | services.sync.resources.requests.cpu, 100m, is above
            services.sync.sidecar.requests.cpu=1.5,services.sync.sidecar.limits.cpu=1 | services.sync.sidecar.requests.cpu, 1.5, is above
            services.task.autoscaling.enabled=true,services.task.replicas=9 | services.task.autoscaling.maxReplicas
            """)
    void aMistakeIsRefusedByName(String mistake, String named) throws Exception {
        Tools.Said said = Tools.helm("template", TRIAL, "--set=" + mistake);
        assertNotEquals(0, said.exit(), mistake + " was taken");
        assertTrue(said.err().contains(named), said.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kafka.auth=password                                 | kafka.username is empty
            kafka.privateCa=true                                | kafka.privateCa needs
            kafka.brokers=b:99999                               | kafka.brokers: there is no port 99999
            identity.issuer=https://id.example.com:99999        | identity.issuer: there is no port 99999
            kafka.auth=mtls,services.audit.lag.enabled=true     | services.audit.lag.enabled needs keda.authentication
            secrets.store=azure                                 | secrets.azure.vault
            secrets.store=google                                | secrets.google.project is empty
            secrets.store=google,secrets.google.project=p,secrets.externalSecrets.store=v | secrets.externalSecrets.store needs
            """)
    void whatDoesNotGoTogetherIsRefusedByName(String mistake, String named) throws Exception {
        Tools.Said said =
                Tools.helm("template", "--set=kafka.brokers=a:9092,identity.issuer=https://id.example.com," + mistake);
        assertNotEquals(0, said.exit(), mistake + " was taken");
        assertTrue(said.err().contains(named), said.err());
    }

    @Test
    void aPartMayAskForAllOfItsLimitInAnotherUnit() throws Exception {
        JsonNode resources = container(
                        Tools.rendered(
                                TRIAL,
                                "--set=services.task.resources.requests.memory=0.5Gi",
                                "--set=services.task.resources.requests.cpu=1000m,services.task.resources.limits.cpu=1",
                                "--set=services.task.sidecar.requests.memory=327680Ki"),
                        "task")
                .path("resources");
        assertEquals("0.5Gi", resources.at("/requests/memory").asText());
        assertEquals("1", resources.at("/limits/cpu").asText());
    }

    /** Each setting of a service may be set, save those the chart sets itself. */
    @Test
    void aSettingOfAServiceIsTaken() throws Exception {
        for (String setting : List.of(
                "task.env.SANDGLASS_TASK_WRITE_LIMIT=2s",
                "task.env.SANDGLASS_TASK_ALLOWED_ORIGINS=https://app.example.com",
                "task.env.SANDGLASS_DAPR_STATE_LIMIT=2s",
                "audit.env.SANDGLASS_CATCH_UP=1m",
                "sync.env.SANDGLASS_SYNC_SLOW_READER=9s",
                "reminder.env.QUARKUS_LOG_LEVEL=DEBUG",
                "recurrence.env.HOOK_TEAM=blue",
                "sync.env.QUARKUS_SHUTDOWN_DELAY=1s",
                "task.env.QUARKUS_OTEL_TRACES_SAMPLER=always_off")) {
            String name = setting.split("[.=]")[2];
            JsonNode container = named(
                            Tools.rendered(TRIAL, "--set=services." + setting),
                            "Deployment",
                            setting.substring(0, setting.indexOf('.')))
                    .at("/spec/template/spec/containers/0");
            assertEquals(setting.split("=")[1], env(container, name));
        }
    }

    /** Helm reads numbers of a file otherwise than those of {@code --set}. */
    @Test
    void aLargeNumberOfAValuesFileIsWrittenOut() throws Exception {
        Path file = Files.writeString(Files.createTempFile("values", ".yaml"), """
                retention: {changes: 2000000}
                services:
                  audit: {lag: {enabled: true, threshold: 1000000}}
                  task: {env: {HOOK_MOST: 12345678, HOOK_SHARE: 0.25, HOOK_ON: true, HOOK_TEXT: "1e3"}}
                """);
        List<JsonNode> all = Tools.rendered(TRIAL, "--values=" + file);
        JsonNode task = container(all, "task");
        assertEquals("2000000", env(task, "SANDGLASS_TASK_KEEP_CHANGES"));
        assertEquals("12345678", env(task, "HOOK_MOST"));
        assertEquals("0.25", env(task, "HOOK_SHARE"));
        assertEquals("true", env(task, "HOOK_ON"));
        assertEquals("1e3", env(task, "HOOK_TEXT"));
        assertEquals(
                "1000000",
                named(all, "ScaledObject", "audit")
                        .at("/spec/triggers/0/metadata/lagThreshold")
                        .asText());
        Files.delete(file);
    }

    /** Kubernetes would take the last of two. */
    @Test
    void everyVariableTheChartSetsIsRefusedInEnv() throws Exception {
        String refuses = Files.readString(Tools.CHART.resolve("templates/_helpers.tpl"));
        Set<String> set = new TreeSet<>();
        Pattern.compile("\\{name: ([A-Z_]+), value")
                .matcher(Files.readString(Tools.CHART.resolve("templates/services.yaml")))
                .results()
                .forEach(variable -> set.add(variable.group(1)));
        assertTrue(set.contains("DAPR_API_TOKEN"), set::toString);
        set.removeIf(name -> name.startsWith("SANDGLASS_IDENTITY_") || refuses.contains('"' + name + '"'));
        assertEquals(Set.of(), set);
    }

    @Test
    void theFeedIsAtThePublicHostWhateverItsName() throws Exception {
        for (String host : List.of("://http.example.com", "://localhost:8080")) {
            JsonNode task = container(Tools.rendered(TRIAL, "--set=publicUrl=http" + host), "task");
            assertEquals("ws" + host + "/live", env(task, "SANDGLASS_LIVE_URL"));
            // It names itself by the feed's address, and goes without a dot by the service's, as `helm test` does.
            assertEquals("not set", env(task, "SANDGLASS_LOCAL_NAMES"));
        }
    }

    @Test
    void anIngressHasItsHostInSmallLetters() throws Exception {
        JsonNode ingress = named(
                Tools.rendered(TRIAL, "--set=ingress.kind=ingress,publicUrl=https://Tasks.Example.com:8443"),
                "Ingress",
                "");
        assertEquals("tasks.example.com", ingress.at("/spec/rules/0/host").asText());
    }

    /** Two releases in two namespaces, or beside other charts in one. Services know the others by these very names. */
    @Test
    void resourcesAreNamedForTheirRelease() throws Exception {
        Set<String> known = new TreeSet<>();
        for (JsonNode it : Tools.rendered(TRIAL, "--set=ingress.kind=ingress,services.task.autoscaling.enabled=true")) {
            String kind = it.path("kind").asText();
            String name = it.at("/metadata/name").asText();
            if (!name.equals("sandglass") && !name.startsWith("sandglass-")) {
                known.add(kind + " " + name);
            }
        }
        assertEquals(
                new TreeSet<>(List.of(
                        "Component mail",
                        "Component pubsub",
                        "Component pubsub-hooks",
                        "Component pubsub-live",
                        "Component reminder-sweep",
                        "Component secrets",
                        "Component state",
                        "HTTPEndpoint http",
                        "HTTPEndpoint https",
                        "Secret postgres-connection-string",
                        "Secret ticket-key",
                        "Secret token-key")),
                known);
    }

    @Test
    void aReleaseWhoseNameLeavesNoRoomIsRefused() throws Exception {
        String name = "a".repeat(41);
        Tools.Said said = Tools.run(Tools.need("helm"), "template", name, Tools.CHART.toString(), TRIAL);
        assertNotEquals(0, said.exit());
        assertTrue(said.err().contains(name + " is longer than 40"), said::err);
    }

    @Test
    void aReleaseWhoseNameIsNoneOfAServiceIsRefused() throws Exception {
        for (String name : List.of("my.tasks", "2nd")) {
            Tools.Said said = Tools.run(Tools.need("helm"), "template", name, Tools.CHART.toString(), TRIAL);
            assertNotEquals(0, said.exit(), name);
            assertTrue(said.err().contains("name " + name + " cannot begin the name of a Service"), said::err);
        }
    }

    /** The command asks in a sentence for all that a proof on a cluster takes, before kubectl finds it missing. */
    @Test
    void aTryWithoutAClusterSaysWhatItTakes() throws Exception {
        if (Files.isDirectory(Tools.ROOT.resolve("../shared/k8s"))
                || Files.isExecutable(Path.of("/usr/bin/minikube"))) {
            Tools.leftOut("there is a cluster to try on");
        }
        Tools.Said said = Tools.run("env", "-u", "K8S", "PATH=/usr/bin:/bin", "helm/try");
        assertEquals(1, said.exit());
        assertTrue(said.err().startsWith("helm/try: there is no "), said::err);
        Tools.Said wrong = Tools.run("env", "K8S=/nowhere", "helm/try");
        assertEquals(1, wrong.exit());
        assertTrue(wrong.err().contains("K8S=/nowhere"), wrong::err);
    }

    @Test
    void everyValueIsInTheSchemaAndEveryObjectRefusesWhatItDoesNotKnow() throws IOException {
        JsonNode values = Tools.YAML.readTree(Tools.CHART.resolve("values.yaml").toFile());
        JsonNode schema =
                Client.JSON.readTree(Tools.CHART.resolve("values.schema.json").toFile());
        List<String> missing = new ArrayList<>();
        compare("", values, schema, schema, missing);
        assertEquals(List.of(), missing);
    }

    private static void compare(String path, JsonNode value, JsonNode schema, JsonNode root, List<String> missing) {
        JsonNode own = schema.has("$ref") ? root.at(schema.path("$ref").asText().substring(1)) : schema;
        if (!value.isObject()) {
            return;
        }
        if (own.path("additionalProperties").isMissingNode()
                || own.path("additionalProperties").asBoolean(false)) {
            missing.add(path + " takes anything");
        }
        Set<String> known = new TreeSet<>();
        own.path("properties").fieldNames().forEachRemaining(known::add);
        known.remove("global");
        for (String name : known) {
            if (value.has(name)) {
                compare(
                        path + "/" + name,
                        value.path(name),
                        own.path("properties").path(name),
                        root,
                        missing);
            } else if (!path.contains("/resources") && !path.contains("/sidecar") && !path.equals("/routes")) {
                missing.add(path + "/" + name + " is not in values.yaml");
            }
        }
        Set<String> needed = new TreeSet<>();
        own.path("required").forEach(name -> needed.add(name.asText()));
        value.fieldNames().forEachRemaining(name -> {
            if (known.contains(name) && !needed.contains(name)) {
                missing.add(path + "/" + name + " may be taken away by null");
            }
        });
        if (!known.isEmpty()) {
            value.fieldNames().forEachRemaining(name -> {
                if (!known.contains(name)) {
                    missing.add(path + "/" + name + " is not in the schema");
                }
            });
        }
    }

    // ------------------------------------------------------------- The same as ./run

    /** Files of dapr/ that the chart is to have, by kind and name. */
    static Stream<Path> resources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("dapr/components", "dapr/subscriptions", "dapr/endpoints")) {
            try (Stream<Path> found = Files.list(Tools.ROOT.resolve(folder))) {
                files.addAll(
                        found.filter(file -> file.toString().endsWith(".yaml")).toList());
            }
        }
        files.add(Tools.ROOT.resolve("dapr/resiliency.yaml"));
        return files.stream();
    }

    @Tag("FR-010")
    @ParameterizedTest
    @MethodSource("resources")
    void whatDaprIsToldByRunItIsToldHere(Path file) throws Exception {
        JsonNode there = Tools.YAML.readTree(file.toFile());
        ObjectNode here = Tools.rendered(TRIAL).stream()
                .filter(it -> it.path("kind").equals(there.path("kind"))
                        && own(it).equals(there.at("/metadata/name").asText()))
                .findFirst()
                .orElseThrow()
                .deepCopy();
        ((ObjectNode) here.path("metadata")).set("name", there.at("/metadata/name"));
        if (there.at("/spec/type").asText().startsWith("secretstores.")) {
            assertEquals("secretstores.kubernetes", here.at("/spec/type").asText());
            return;
        }
        ((ObjectNode) here.path("metadata")).remove("labels");
        assertEquals(settled(there), settled(here));
    }

    /** Without what a cluster has otherwise: where the brokers and the mail server are, and the group of each replica of sync. */
    private static JsonNode settled(JsonNode resource) {
        ObjectNode settled = resource.deepCopy();
        if (settled.at("/spec/metadata").isArray()) {
            ObjectNode metadata = Client.JSON.createObjectNode();
            settled.at("/spec/metadata")
                    .forEach(it -> metadata.set(it.path("name").asText(), it));
            metadata.remove(List.of("brokers", "host", "port", "emailFrom"));
            if (settled.at("/metadata/name").asText().equals("pubsub-live")) {
                metadata.remove("consumerGroup");
            }
            ((ObjectNode) settled.path("spec")).set("metadata", metadata);
        }
        return settled;
    }

    @Tag("SC-001")
    @Test
    void theFiveServicesHaveTheirPortsOptionsAndAppHealthFromTheRunFile() throws Exception {
        JsonNode run = Tools.YAML.readTree(Tools.ROOT.resolve("dapr/dapr.yaml").toFile());
        List<JsonNode> all = Tools.rendered(TRIAL);
        for (JsonNode app : run.path("apps")) {
            JsonNode pod = named(all, "Deployment", app.path("appID").asText()).at("/spec/template");
            JsonNode annotations = pod.at("/metadata/annotations");
            JsonNode container = pod.at("/spec/containers/0");
            assertEquals(
                    app.path("appID").asText(),
                    annotations.path("dapr.io/app-id").asText());
            assertEquals(
                    app.path("appPort").asText(),
                    annotations.path("dapr.io/app-port").asText());
            assertEquals(app.path("appPort").asText(), env(container, "QUARKUS_HTTP_PORT"));
            assertEquals("0.0.0.0", env(container, "QUARKUS_HTTP_HOST"));
            JsonNode common = run.path("common");
            assertEquals(
                    common.path("daprMaxBodySize").asText(),
                    annotations.path("dapr.io/max-body-size").asText());
            assertEquals(
                    common.path("appHealthCheckPath").asText(),
                    annotations.path("dapr.io/app-health-check-path").asText());
            assertEquals(
                    "true", annotations.path("dapr.io/enable-app-health-check").asText());
            String command = String.join(
                    " ",
                    StreamSupport.stream(app.path("command").spliterator(), false)
                            .map(JsonNode::asText)
                            .toList());
            assertEquals(
                    "java " + env(container, "JDK_JAVA_OPTIONS") + " -jar target/quarkus-app/quarkus-run.jar", command);
        }
        assertEquals(5, run.path("apps").size());
    }

    @Test
    void noContainerMayDoMoreThanItHasTo() throws Exception {
        for (JsonNode it : Tools.rendered(TRIAL)) {
            JsonNode pod = it.at("/spec/template/spec");
            if (pod.isMissingNode()) {
                continue;
            }
            String name = it.at("/metadata/name").asText();
            assertTrue(pod.at("/securityContext/runAsNonRoot").asBoolean(), name);
            assertEquals(
                    "RuntimeDefault",
                    pod.at("/securityContext/seccompProfile/type").asText(),
                    name);
            assertFalse(pod.path("automountServiceAccountToken").asBoolean(true), name);
            List<JsonNode> containers = new ArrayList<>();
            pod.path("containers").forEach(containers::add);
            pod.path("initContainers").forEach(containers::add);
            for (JsonNode container : containers) {
                JsonNode context = container.path("securityContext");
                assertTrue(context.path("readOnlyRootFilesystem").asBoolean(), name);
                assertFalse(context.path("allowPrivilegeEscalation").asBoolean(true), name);
                assertEquals("ALL", context.at("/capabilities/drop/0").asText(), name);
                assertFalse(container.at("/resources/limits/memory").isMissingNode(), name);
            }
        }
    }

    @Test
    void aRouteOfTheChartIsReplacedTakenAwayOrJoinedByOthers() throws Exception {
        JsonNode routes = named(
                Tools.rendered(
                        TRIAL,
                        "--set=routes.task.new-task-rules\\.camel\\.yaml=- route: ours",
                        "--set=routes.task.more\\.camel\\.yaml=- route: more",
                        "--set=routes.task.none\\.camel\\.yaml=# not yet",
                        "--set=routes.audit.redact\\.camel\\.yaml=null"),
                "ConfigMap",
                "routes-task");
        assertEquals(
                "- route: ours", routes.at("/data/new-task-rules.camel.yaml").asText());
        assertEquals("- route: more", routes.at("/data/more.camel.yaml").asText());
        assertEquals("# not yet", routes.at("/data/none.camel.yaml").asText());
    }

    @Tag("FR-013")
    @Test
    void whoMayCallWhomIsWhoDoes() throws Exception {
        Set<String> mayCall = new TreeSet<>();
        for (JsonNode it : Tools.rendered(TRIAL)) {
            if (it.path("kind").asText().equals("Configuration")) {
                assertEquals("deny", it.at("/spec/accessControl/defaultAction").asText());
                it.at("/spec/accessControl/policies")
                        .forEach(policy -> mayCall.add(policy.path("appId").asText() + " -> " + own(it)));
            }
        }
        Set<String> calls = new TreeSet<>();
        // In Java and in YAML.
        Pattern invoke = Pattern.compile("dapr-invoke-action[^\"]{0,120}?\\bapp(?:=|: )([a-z]+)");
        for (String service : List.of("task", "recurrence", "reminder", "audit", "sync")) {
            try (Stream<Path> files = Files.walk(Tools.ROOT.resolve("routes-" + service + "/src/main"))) {
                for (Path file : files.filter(it -> it.toString().matches(".*\\.(java|yaml)"))
                        .toList()) {
                    invoke.matcher(Files.readString(file))
                            .results()
                            .map(call -> service + " -> " + call.group(1))
                            .forEach(calls::add);
                }
            }
        }
        assertTrue(calls.contains("recurrence -> task"), calls.toString());
        calls.removeAll(mayCall);
        assertEquals(Set.of(), calls, "called in a route and not let through by the chart");
    }

    @Test
    void whereAPodMayRunHoldsForEveryPod() throws Exception {
        List<String> pods = new ArrayList<>();
        for (JsonNode it : Tools.rendered(
                TRIAL,
                "--set=nodeSelector.pool=a,tolerations[0].key=b,image.pullSecrets[0].name=c"
                        + ",tolerations[1].operator=Exists,tolerations[1].effect=NoExecute"
                        + ",tolerations[1].tolerationSeconds=9")) {
            JsonNode pod = it.at("/spec/template/spec");
            if (!pod.isMissingNode()) {
                pods.add(it.at("/metadata/name").asText());
                assertEquals("a", pod.at("/nodeSelector/pool").asText(), pods::toString);
                assertEquals("b", pod.at("/tolerations/0/key").asText(), pods::toString);
                assertEquals("c", pod.at("/imagePullSecrets/0/name").asText(), pods::toString);
            }
        }
        assertEquals(8, pods.size(), pods::toString);
    }

    @Test
    void whatTheValuesNameOutsideMayBeReached() throws Exception {
        List<JsonNode> all = Tools.rendered(
                "--set=kafka.brokers=a:19092\\,b:19093,identity.issuer=https://id.example.com:8443/realms/home",
                "--set=mail.host=mail.example.com,mail.port=465,dapr.tracing.endpoint=otel.monitoring:4318");
        assertEquals(
                new TreeSet<>(List.of(443, 5432, 6443, 19092, 19093, 8443, 465, 4318)),
                ports(named(all, "NetworkPolicy", "")));
        assertEquals(new TreeSet<>(List.of(443, 5432, 6443)), ports(named(Tools.rendered(TRIAL), "NetworkPolicy", "")));
    }

    private static Set<Integer> ports(JsonNode policy) {
        Set<Integer> ports = new TreeSet<>();
        for (JsonNode rule : policy.at("/spec/egress")) {
            if (!rule.has("to") && rule.at("/ports/0/port").asInt() != 53) {
                rule.path("ports").forEach(it -> ports.add(it.path("port").asInt()));
            }
        }
        return ports;
    }

    /** The sidecar's own Kubernetes store would look for a token that a pod with a cloud's vault has not, and end the sidecar. */
    @Test
    void aPodWithACloudsVaultNeedsNoTokenForTheKubernetesApiAndHasItsCloudsIdentity() throws Exception {
        for (String cloud : List.of("aks", "gke")) {
            List<JsonNode> all = Tools.rendered("--values=" + Tools.CHART.resolve("values-" + cloud + ".yaml"));
            JsonNode account = named(all, "ServiceAccount", "audit").at("/metadata/annotations");
            JsonNode template = named(all, "Deployment", "audit").path("spec").path("template");
            JsonNode annotations = template.at("/metadata/annotations");
            assertEquals(
                    "true",
                    annotations.path("dapr.io/disable-builtin-k8s-secret-store").asText());
            assertFalse(annotations.has("dapr.io/volume-mounts"), cloud);
            if (cloud.equals("aks")) {
                assertTrue(account.has("azure.workload.identity/client-id"), account::toString);
                assertEquals(
                        "true",
                        template.at("/metadata/labels")
                                .path("azure.workload.identity/use")
                                .asText());
            } else {
                assertTrue(account.has("iam.gke.io/gcp-service-account"), account::toString);
                String egress =
                        named(all, "NetworkPolicy", "").at("/spec/egress").toString();
                assertTrue(egress.contains("169.254.169.252/32") && egress.contains("169.254.169.254/32"), egress);
            }
        }
    }

    @Test
    void googlesLoadBalancerIsToldHowSyncIsWellAndToLetSocketsBe() throws Exception {
        List<JsonNode> all = Tools.rendered("--values=" + Tools.CHART.resolve("values-gke.yaml"));
        assertEquals(
                named(all, "Deployment", "sync")
                        .at("/spec/template/spec/containers/0/readinessProbe/httpGet/path")
                        .asText(),
                named(all, "HealthCheckPolicy", "sync")
                        .at("/spec/default/config/httpHealthCheck/requestPath")
                        .asText());
        assertTrue(named(all, "GCPBackendPolicy", "sync")
                        .at("/spec/default/timeoutSec")
                        .asInt()
                > 3600);
    }

    @Test
    void howLongChangesAreKeptIsAValue() throws Exception {
        JsonNode task = named(
                        Tools.rendered(TRIAL, "--set=retention.changes=20000,retention.days=30"), "Deployment", "task")
                .at("/spec/template/spec/containers/0");
        assertEquals("20000", env(task, "SANDGLASS_TASK_KEEP_CHANGES"));
        assertEquals("30d", env(task, "SANDGLASS_TASK_KEEP_CHANGES_FOR"));
    }

    @Test
    void routesAreGrantedTheSecretsThatAreNamedForThem() throws Exception {
        for (String service : List.of("task", "recurrence", "reminder", "audit", "sync")) {
            assertEquals("", env(container(Tools.rendered(TRIAL), service), "SANDGLASS_HOOKS_SECRETS"));
            assertEquals(
                    "team-hook,crm",
                    env(
                            container(Tools.rendered(TRIAL, "--set=secrets.forRoutes={team-hook,crm}"), service),
                            "SANDGLASS_HOOKS_SECRETS"));
        }
    }

    /** A service that is granted one of the system's own does not start. */
    @Tag("FR-013")
    @Test
    void whatNoServiceGrantsToRoutesTheChartRefuses() throws Exception {
        String granted = Files.readString(
                Tools.ROOT.resolve("route-support/src/main/java/dev/sandglass/support/kamelets/Granted.java"));
        Set<String> own = new TreeSet<>();
        Pattern.compile("\"([a-z-]+)\"")
                .matcher(granted.replaceFirst("(?s)^.* OWN_SECRETS = Set\\.of\\((.*?)\\);.*$", "$1"))
                .results()
                .forEach(name -> own.add(name.group(1)));
        assertTrue(own.contains("token-key"), own::toString);
        Set<String> refused = new TreeSet<>();
        Tools.YAML
                .readTree(Tools.CHART.resolve("values.schema.json").toFile())
                .at("/properties/secrets/properties/forRoutes/items/not/enum")
                .forEach(name -> refused.add(name.asText()));
        assertEquals(own, refused);
    }

    @Test
    void aModelIsThereForTaskAloneAndOnlyWhereItIsNamed() throws Exception {
        List<JsonNode> without = Tools.rendered(TRIAL);
        assertTrue(
                without.stream()
                        .noneMatch(it -> it.at("/metadata/name").asText().equals("conversation")),
                "none by default");
        assertEquals("not set", env(container(without, "task"), "SANDGLASS_TASK_CONVERSATION"));
        List<JsonNode> with = Tools.rendered(
                TRIAL,
                "--set=conversation.type=openai,conversation.model=m,conversation.endpoint=https://models.example.com:8443/v1");
        JsonNode component = with.stream()
                .filter(it -> it.at("/metadata/name").asText().equals("conversation"))
                .findFirst()
                .orElseThrow();
        assertEquals("conversation.openai", component.at("/spec/type").asText());
        assertEquals("[\"task\"]", component.path("scopes").toString());
        assertEquals("secrets", component.at("/auth/secretStore").asText());
        assertEquals("conversation", env(container(with, "task"), "SANDGLASS_TASK_CONVERSATION"));
        assertTrue(ports(named(with, "NetworkPolicy", "")).contains(8443));
        for (String service : List.of("task", "sync")) {
            assertEquals(
                    service.equals("task"),
                    named(with, "Role", service).toString().contains("\"conversation-key\""),
                    "the key is for the sidecar of task");
            assertFalse(
                    named(with, "Configuration", service).toString().contains("conversation-key"),
                    "and no service may ask for it");
        }
    }

    /** The component that names it is the operator's own: dapr/channels. */
    @Test
    void thePasswordOfChannelsMayBeReadByTheSidecarOfReminderAlone() throws Exception {
        List<JsonNode> all = Tools.rendered(TRIAL);
        for (String service : List.of("task", "recurrence", "reminder", "audit", "sync")) {
            assertEquals(
                    service.equals("reminder"),
                    named(all, "Role", service).toString().contains("\"channel-email-password\""),
                    service);
        }
    }

    /** Its name, without the release's. */
    private static String own(JsonNode resource) {
        return resource.at("/metadata/name").asText().replaceFirst("^sandglass(-|$)", "");
    }

    private static JsonNode container(List<JsonNode> all, String service) {
        return named(all, "Deployment", service).at("/spec/template/spec/containers/0");
    }

    private static JsonNode named(List<JsonNode> all, String kind, String name) {
        return all.stream()
                .filter(it -> it.path("kind").asText().equals(kind) && own(it).equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String env(JsonNode container, String name) {
        return StreamSupport.stream(container.path("env").spliterator(), false)
                .filter(it -> it.path("name").asText().equals(name))
                .map(it -> it.path("value").asText())
                .findFirst()
                .orElse("not set");
    }
}
