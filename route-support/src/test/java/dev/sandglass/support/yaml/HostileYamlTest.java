package dev.sandglass.support.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.kamelets.Granted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that reach for what is not theirs, made by a grammar: what is wanted, wrapped in functions and texts, cut up by placeholders,
 * put in every place that a file has. Each is refused with a line; where a part of it is nothing but text and it is taken, it runs, and
 * nothing comes out. A few seconds in the build; {@code -Dsandglass.hostile.minutes=60} goes on for an hour,
 * {@code -Dsandglass.hostile.seed=…} does the same again.
 */
@Tag("FR-013")
class HostileYamlTest {
    private static final String CANARY = "CANARY-4711-OUT";
    private static final long SEED = Long.getLong("sandglass.hostile.seed", 42);
    private static final Duration TIME = Long.getLong("sandglass.hostile.minutes") == null
            ? Duration.ofSeconds(3)
            : Duration.ofMinutes(Long.getLong("sandglass.hostile.minutes"));

    private static final String SECRET = "postgres-connection-string";
    private static final Granted GRANTED = new Granted(Granted.SECRETS, "crm/orders");

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private Terms terms;
    private Path routes;
    private Set<String> threads;

    @BeforeEach
    void canary() throws IOException {
        System.setProperty("canary", CANARY);
        Files.writeString(folder.resolve("canary"), CANARY);
        routes = Files.createDirectories(folder.resolve("routes/task"));
        Map<String, String> settings = Map.of(
                "hook.dollar", "$",
                "hook.open", "${",
                "hook.close", "}",
                "hook.braces", "{{",
                "hook.reach", "${sys.canary}",
                "hook.camel", "Camel",
                "hook.resource", "resource:file:" + folder.resolve("canary"),
                "hook.bean", "#class:java.lang.Runtime",
                "hook.plain", "plain");
        terms = Terms.of("task", CheckTest.OURS.resolve("kamelets"), settings::get, GRANTED);
        threads = threads();
    }

    @AfterEach
    void noCanary() {
        System.clearProperty("canary");
    }

    @SafeVarargs
    private <T> T one(T... of) {
        return of[random.nextInt(of.length)];
    }

    // ---------------------------------------------------------------- What is wanted

    /** Texts of simple that are none of its functions here. */
    private String reach() {
        return one(
                "sys.canary",
                "env.PATH",
                "env:PATH",
                "sysenv.PATH",
                "sysenv:PATH",
                "bean:messages",
                "bean:daprCalls?method=secret",
                "bean:webhooks.toString",
                "bean:type:java.lang.Runtime?method=getRuntime",
                "bean:type:java.lang.System?method=getProperty('canary')",
                "type:java.lang.System.out",
                "ref:daprCalls",
                "properties:canary",
                "properties:dapr.api.token:x",
                "propertiesExist:canary",
                "camelContext",
                "camelContext.name",
                "camelContext.propertiesComponent.loadProperties()",
                "exchange",
                "exchange.context.registry",
                "exchange.getContext().getClassResolver()",
                "body.class",
                "body.getClass()",
                "body.getClass().forName('java.lang.Runtime').getMethods()",
                "body.length()",
                "body[0]",
                "body?.class",
                "bodyAs(java.io.File)",
                "mandatoryBodyAs(java.io.File).path",
                "messageAs(java.lang.Object)",
                "headerAs(x,java.io.File)",
                "header.x.getClass()",
                "header.x.class",
                "headers",
                "headers.x.getClass().getClassLoader()",
                "headers.size()",
                "header[x].class",
                "header[x.y]",
                "variable.x.class",
                "variables",
                "exchangeProperty.x.class",
                "exception",
                "exception.class",
                "exception.stacktrace",
                "exception.message.getClass()",
                "originalBody",
                "messageHistory",
                "messageHistory(false)",
                "logExchange",
                "prettyBody",
                "bodyOneLine",
                "id",
                "hostname",
                "threadName",
                "threadId",
                "camelId",
                "fromRouteId",
                "stepId",
                "routeGroup",
                "file:name",
                "file:absolute.path",
                "date:file:yyyy",
                "attachments",
                "attachment.x",
                "uuid(messages)",
                "hash(x,NONE)",
                "empty(map)",
                "list(a)",
                "map(a,b)",
                "jq(.a)",
                "xpath(/a)",
                "collate(3)",
                "skip(1)",
                "pretty(x)",
                "jsonpath($.a[?(@.b =~ /(a+)+$/)])",
                "jsonpath(a.b)",
                "cell.0",
                "cell.1",
                "unknown",
                "toString()",
                "BODY",
                "Header.x",
                "");
    }

    /** A function within a function, or as it is. */
    private String wrapped(String inside) {
        String function = one("${", "${", "${", "$simple{") + inside + "}";
        return random.nextInt(3) > 0
                ? function
                : one(
                        "${iif(true," + function + ",x)}",
                        "${iif(" + function + " == 'a',b,c)}",
                        "${join(;,-," + function + ")}",
                        "${replace(a,b," + function + ")}",
                        "${replace(" + function + ",b)}",
                        "${substring(0," + function + ")}",
                        "${random(1," + function + ")}",
                        "${hash(" + function + ")}",
                        "${uuid(" + function + ")}",
                        "${header." + function + "}",
                        "${" + function + "}",
                        "${date:" + function + ":yyyy}",
                        "${jsonpath(" + function + ")}");
    }

    private String amid(String code) {
        return one("%s", "a %s b", "%s%s", "'%s'", "\\%s", "%s\n").replace("%s", code);
    }

    /** Cuts a text up, and has placeholders say the pieces; those with defaults, since settings that are there are text. */
    private String cut(String text) {
        int from = random.nextInt(text.length() + 1);
        int to = from + random.nextInt(text.length() - from + 1);
        String piece = text.substring(from, to);
        return text.substring(0, from)
                + one(
                        "{{hook.none:" + piece + "}}",
                        "{{hook.none: " + piece + "}}",
                        "{{ hook.none:" + piece + "}}",
                        "{{hook.none:{{hook.none:" + piece + "}}}}",
                        "{{?hook.none:" + piece + "}}",
                        piece + "{{hook.none:}}",
                        "{{hook.none:}}" + piece)
                + text.substring(to);
    }

    /** As it is, or cut. */
    private String perhapsCut(String text) {
        return random.nextInt(3) == 0 ? cut(text) : text;
    }

    /** Placeholders that Camel would fill in. */
    private String placeholder() {
        return one(
                "{{canary}}",
                "{{sys:canary}}",
                "{{env:PATH}}",
                "{{?canary}}",
                "{{!canary}}",
                "{{bean:messages.html}}",
                "{{service:x}}",
                "{{service.name:x}}",
                "{{dapr.api.token}}",
                "{{quarkus.application.name}}",
                "{{hook.missing}}",
                "{{hook.none:{{sys:canary}}}}",
                "{{hook.none:${sys.canary}}}",
                "{{hook.plain:{{sys:canary}}}}",
                "{{hook.NONE:x}}",
                "{{ sys:canary }}");
    }

    private String file() {
        return one(
                        "resource:file:",
                        "resource:classpath:",
                        "resource:",
                        "resource:ref:",
                        "resource:http://127.0.0.1:1/")
                + folder.resolve("canary");
    }

    // ---------------------------------------------------------------- Where it stands

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    /** @param text in simple */
    private String inSimple(String text) {
        String says = quoted(text);
        return one(
                "setBody: {simple: " + says + "}",
                "setBody: {simple: {expression: " + says + "}}",
                "setBody: {expression: {simple: {expression: " + says + "}}}",
                "setBody: {simple: {expression: " + says + ", trim: false}}",
                "transform: {simple: " + says + "}",
                "setHeader: {name: y, simple: " + says + "}",
                "setHeaders: {headers: [{name: y, simple: " + says + "}]}",
                "setProperty: {name: y, simple: " + says + "}",
                "setVariable: {name: y, simple: " + says + "}",
                "filter: {simple: " + quoted(text + " == 'x'") + ", steps: [{log: x}]}",
                "validate: {simple: " + quoted("'x' != '" + text + "'") + "}",
                "choice: {when: [{simple: " + quoted(text + " != null") + ", steps: [{log: x}]}]}",
                "choice: {when: [{simple: \"true\", steps: [{setBody: {simple: " + says
                        + "}}]}], otherwise: {steps: [{log: x}]}}",
                "split: {simple: " + says + ", steps: [{log: x}]}",
                "loop: {constant: \"2\", steps: [{log: " + says + "}]}",
                "multicast: {steps: [{log: {message: " + says + "}}]}",
                "log: " + says,
                "log: {message: " + says + ", loggingLevel: WARN}");
    }

    /** Filled in, in a Kamelet. */
    private String inParameter(String text) {
        String says = quoted(text);
        return one(
                "to: {uri: \"kamelet:set-action\", parameters: {field: a, value: " + says + "}}",
                "to: {uri: \"kamelet:mail-sink\", parameters: {to: a@b.c, subject: " + says + "}}",
                "to: {uri: \"kamelet:create-task-sink\", parameters: {user: alice, key: k, title: " + says + "}}",
                "to: {uri: \"kamelet:find-tasks-action\", parameters: {user: alice, tag: " + says + "}}",
                "to: {uri: \"kamelet:dapr-state-action\", parameters: {operation: get, key: " + says + "}}",
                "to: {uri: \"kamelet:deduplicate-action\", parameters: {key: " + says + "}}",
                "to: {uri: \"kamelet:ntfy-sink\", parameters: {topic: t, title: " + says + "}}",
                "to: {uri: \"kamelet:dapr-invoke-action\", parameters: {app: crm, method: " + quoted("orders/" + text)
                        + "}}");
    }

    /** A step that there is not. */
    private String step() {
        String can = quoted(folder.resolve("canary").toString());
        return one(
                "bean: {ref: messages, method: html}",
                "bean: {beanType: java.lang.Runtime, method: getRuntime}",
                "process: {ref: messages}",
                "script: {simple: x}",
                "toD: {uri: \"log:${sys.canary}\"}",
                "enrich: {constant: " + can + "}",
                "pollEnrich: {constant: " + can + "}",
                "poll: {uri: " + can + "}",
                "wireTap: {uri: direct:new-task-rules}",
                "recipientList: {constant: " + can + "}",
                "routingSlip: {constant: " + can + "}",
                "dynamicRouter: {constant: " + can + "}",
                "threads: {poolSize: 9}",
                "throttle: {constant: \"1\"}",
                "doTry: {steps: [{log: x}], doCatch: [{exception: [java.lang.Error], steps: [{log: x}]}]}",
                "onException: {exception: [java.lang.Error]}",
                "aggregate: {constant: x, aggregationStrategy: messages, steps: [{log: x}]}",
                "idempotentConsumer: {constant: x, idempotentRepository: messages, steps: [{log: x}]}",
                "circuitBreaker: {steps: [{log: x}]}",
                "convertBodyTo: {type: java.io.File}",
                "convertHeaderTo: {name: x, type: java.io.File}",
                "throwException: {exceptionType: java.lang.Error}",
                "kamelet: {name: set-action}",
                "claimCheck: {operation: Push}",
                "saga: {steps: [{log: x}]}",
                "transacted: {ref: x}",
                "policy: {ref: x}",
                "intercept: {steps: [{log: x}]}",
                "step: {steps: [{log: x}]}",
                "pipeline: {steps: [{log: x}]}",
                "sort: {simple: \"${body}\"}",
                "resequence: {simple: x, steps: [{log: x}]}",
                "removeVariable: {name: x}",
                "tokenizer: {}",
                "marshal: {" + one("jacksonXml", "yaml", "csv", "base64", "custom", "zipFile", "avro") + ": {}}",
                "unmarshal: {json: {"
                        + one(
                                "unmarshalType: a.B",
                                "library: Gson",
                                "moduleClassNames: a.B",
                                "objectMapper: x",
                                "jsonView: x")
                        + "}}",
                "setBody: {"
                        + one(
                                "groovy",
                                "method",
                                "ref",
                                "language",
                                "csimple",
                                "xpath",
                                "jq",
                                "java",
                                "joor",
                                "spel",
                                "ognl",
                                "mvel",
                                "js",
                                "python",
                                "datasonnet",
                                "wasm",
                                "xtokenize",
                                "xquery",
                                "hl7terser")
                        + ": x}",
                "setBody: {simple: {expression: x, "
                        + one("resultType: java.io.File", "pretty: true", "nested: true", "source: \"header:x\"")
                        + "}}",
                "setBody: {jsonpath: {expression: $.a, "
                        + one("resultType: java.io.File", "option: x", "allowSimple: true", "source: \"header:x\"")
                        + "}}",
                "setBody: {tokenize: {token: a, "
                        + one("regex: true", "xml: true", "endToken: b", "group: \"2\"", "source: \"header:x\"") + "}}",
                "split: {simple: \"${body}\", "
                        + one(
                                "aggregationStrategy: messages",
                                "parallelProcessing: true",
                                "executorService: x",
                                "onPrepare: messages",
                                "timeout: 1",
                                "delimiter: \"(a+)+\"")
                        + ", steps: [{log: x}]}",
                "multicast: {"
                        + one(
                                "aggregationStrategy: messages",
                                "parallelProcessing: true",
                                "executorService: x",
                                "onPrepare: messages")
                        + ", steps: [{log: x}]}",
                "log: {message: x, "
                        + one("logLanguage: groovy", "logger: messages", "logName: \"${class}\"", "marker: \"#bean:x\"")
                        + "}",
                "loop: {" + one("constant: \"30001\"", "simple: \"2\"", "header: x", "constant: \"2\", doWhile: true")
                        + ", steps: [{log: x}]}",
                "delay: {" + one("constant: \"30001\"", "simple: \"2\"", "header: x", "constant: \"-1\"") + "}",
                "removeHeaders: {pattern: \"(a+)+$\"}",
                "setBody: {constant: a, simple: b}",
                "setBody: {}",
                "stop: {x: y}");
    }

    private String endpoint() {
        String uri = one(
                "bean:messages?method=html",
                "class:java.lang.Runtime?method=getRuntime",
                "file:" + folder,
                "exec:touch?args=" + folder.resolve("touched"),
                "language:simple:${sys.canary}",
                "http://127.0.0.1:1/",
                "https:127.0.0.1",
                "platform-http:/api/tasks",
                "rest:get:x",
                "seda:x",
                "mock:x",
                "ref:messages",
                "properties:x",
                "controlbus:route?routeId=x&action=stop",
                "dataformat:jackson:unmarshal",
                "log:x?exchangeFormatter=#class:java.lang.Object",
                "log:x?logger=#bean:messages",
                "log:x?level={{sys:canary}}",
                "log:{{sys:canary}}",
                "log:x?showBody=true&exchangeFormatter=%23class:a.B",
                // Properties of the exchange are Camel's own, or what was fetched from the secret store.
                "log:x?showAll=true",
                "timer:x",
                "direct:{{sys:canary}}",
                "direct:${sys.canary}",
                "kamelet:../../canary",
                "kamelet:set-action/x?field=a&value=b",
                "kamelet:set-action?field=a&value=${sys.canary}",
                "kamelet:set-action?field=a&value=b&location=file:" + folder,
                "kamelet:webhook-sink?url=http://localhost/h?x=1&secret=webhook-key",
                "kamelet:webhook-sink?url=RAW(http://localhost)",
                "kamelet:dapr-subscription-source?topic=task-events",
                "kamelet:dapr-job-sink?name=x&at=y",
                "kamelet:webhook-source?name=x&secret=shop-key",
                "kamelet:sink",
                "kamelet:source",
                "kamelet:{{hook.plain}}",
                "kamelet?templateId=../../canary",
                "kamelet?templateId=dapr-subscription-source&topic=task-events",
                "kamelet:set-action?templateId=dapr-job-sink&name=x&at=y",
                "kamelet:{{hook.none:dapr-secret-action}}?name=" + SECRET,
                "{{hook.none:file}}:" + folder,
                "{{hook.none:bean}}:messages",
                "");
        return random.nextBoolean() ? "to: " + quoted(uri) : "to: {uri: " + quoted(uri) + "}";
    }

    /** A secret, a method or a topic that is not theirs. */
    private String ungranted() {
        String secret =
                perhapsCut(one(SECRET, "token-key", "ticket-key", "dapr-api-token", "app-token", "log-key", "other"));
        String method = one(
                "internal/users/bob/tasks",
                "internal/tasks",
                "orders/../internal/x",
                "orders/%2e%2e/x",
                "orders//x",
                "ordersx",
                "orders/./x",
                "customers",
                "");
        return "to: "
                + one(
                        "{uri: \"kamelet:dapr-secret-action\", parameters: {name: " + quoted(secret) + "}}",
                        "{uri: \"kamelet:webhook-sink\", parameters: {url: \"http://localhost/\", secret: "
                                + quoted(secret) + "}}",
                        "{uri: \"kamelet:webhook-sink\", parameters: {url: \"http://localhost/\", token: "
                                + quoted(secret) + "}}",
                        "{uri: \"kamelet:slack-sink\", parameters: {url: \"http://localhost/\", token: "
                                + quoted(secret) + "}}",
                        "{uri: \"kamelet:ntfy-sink\", parameters: {topic: t, token: " + quoted(secret) + "}}",
                        "{uri: \"kamelet:dapr-secret-action\", parameters: {name: webhook-key, property: CamelFileName}}",
                        "{uri: \"kamelet:dapr-invoke-action\", parameters: {app: task, method: "
                                + quoted(perhapsCut("internal/users/bob/tasks")) + "}}",
                        "{uri: \"kamelet:dapr-invoke-action\", parameters: {app: crm, method: " + quoted(method) + "}}",
                        "{uri: \"kamelet:dapr-invoke-action\", parameters: {app: crm, method: \"${header.x}\"}}",
                        "{uri: \"kamelet:dapr-invoke-action\", parameters: {app: crm, method: \"orders${header.x}\"}}",
                        "{uri: \"kamelet:dapr-invoke-action\", parameters: {app: \"${header.x}\", method: orders}}",
                        "{uri: \"kamelet:dapr-publish-sink\", parameters: {topic: "
                                + quoted(perhapsCut(one("task-events", "task-updates", "reminders"))) + "}}");
    }

    private String name() {
        String name = quoted(one(
                "CamelBeanMethodName",
                "camelHttpUri",
                cut("CamelFileName"),
                "{{hook.camel}}FileName",
                "kamelet.templateId",
                "org.apache.camel.x",
                "room.until",
                "global:x",
                "header:CamelFileName",
                "${sys.canary}",
                "{{sys:canary}}",
                "a b",
                "CAMELX",
                ""));
        return one("setHeader", "setProperty", "setVariable").concat(": {name: " + name + ", constant: x}");
    }

    /** A text that would take too long to look at, or too much memory while it is there. */
    private String tooMuch() {
        int deep = 6 + random.nextInt(20);
        String around =
                one("iif(true,*,b)", "iif(* == 'a',*,b)", "join(;,-,*)", "replace(a,b,*)", "substring(0,*)", "hash(*)");
        String nested = "*";
        for (int i = 0; i < deep && nested.length() < 20_000; i++) {
            nested = nested.replace("*", "${" + around + "}");
        }
        String step = "- log: '" + "${body}".repeat(2_000) + "'\n        ";
        return one(
                "setBody: {simple: " + quoted(nested.replace("*", "${body}")) + "}",
                "setBody: {jsonpath: {expression: \"$..*\", writeAsString: true}}",
                "setBody: {simple: " + quoted("x".repeat(16_001)) + "}",
                step.repeat(11).substring(2) + "- stop: {}",
                "to: {uri: \"kamelet:set-action\", parameters: {field: a, value: b}}\n        "
                        + "- to: {uri: \"kamelet:set-action\", parameters: {field: a, value: b}}\n        "
                                .repeat(1_400)
                        + "- stop: {}",
                "multicast: {steps: [".repeat(25) + "{log: x}" + "]}".repeat(25));
    }

    /** A time for which the store would keep nothing, or what it is given for ever. */
    private String kept() {
        String time =
                one("P25000D", "P36500D", "P367D", "PT8785H", "-PT2S", "PT0S", "PT0.5S", "P1M", "${header.x}", "1");
        return "to: {uri: \"kamelet:"
                + one("dapr-state-action?operation=save&", "dapr-state-action?operation=append&", "deduplicate-action?")
                + "key=k\", parameters: {kept: " + quoted(perhapsCut(time)) + "}}";
    }

    /** A step that would grow without end while it runs: one text out of another, one value in many places, parts of parts. */
    private String much() {
        String grow = one(
                "setBody: {simple: '${body}${body}'}",
                "setHeader: {name: y, simple: '${header.y}${body}${header.y}'}",
                "setBody: {simple: '${replace(x,xxxx)}'}",
                "setBody: {simple: '${join(${body},${body},${body})}'}",
                "marshal: {json: {}}}, {setBody: {simple: '${body}'}",
                "to: {uri: 'kamelet:set-action', parameters: {field: x, value: '${body}${body}'}}",
                "to: {uri: 'kamelet:redact-action', parameters: {fields: '$..*', with: " + "x".repeat(9_000) + "}}");
        String parts =
                one("setBody: {jsonpath: '$..*'}", "setBody: {simple: '${jsonpath($..*)}'}", "unmarshal: {json: {}}");
        return "setBody: {constant: " + quoted("[{\"x\":\"" + "[".repeat(random.nextInt(200)) + "x\"}]")
                + "}\n        - " + "loop: {constant: '" + (20 + random.nextInt(40)) + "', steps: [{" + grow
                + "}]}\n        - " + parts;
    }

    // ---------------------------------------------------------------- Files

    /** A file, and whether it may be that nothing in it is more than text. */
    private record Hostile(String kind, String yaml, boolean perhapsText) {}

    private Hostile hostile() {
        return switch (random.nextInt(15)) {
            case 0, 1 -> step("simple", inSimple(perhapsCut(amid(wrapped(reach())))));
            case 2 -> step("parameter", inParameter(perhapsCut(amid(wrapped(reach())))));
            case 3 -> step("placeholder", inSimple(amid(placeholder())));
            case 4 -> step("placeholder in constant", "setBody: {constant: " + quoted(amid(placeholder())) + "}");
            case 5 ->
                step(
                        "resource",
                        "setBody: {simple: " + quoted(perhapsCut(file())) + "}",
                        "log: " + quoted(file()),
                        "setBody: {constant: " + quoted(perhapsCut(file())) + "}",
                        "setBody: {jsonpath: " + quoted(file()) + "}");
            case 6 -> step("step", step());
            case 7 -> step("endpoint", endpoint());
            case 8 -> step("ungranted", ungranted());
            case 9 -> step("name", name());
            case 10 -> file("top");
            case 11 -> new Hostile("much to check", route(tooMuch()), false);
            case 12 -> new Hostile("much to do", route(much()), true);
            case 13 -> new Hostile("kept", route(kept()), false);
            default -> text();
        };
    }

    private Hostile step(String kind, String... steps) {
        String step = one(steps);
        // A cut may have made of it two texts that mean nothing.
        // In a parameter $simple{ is.
        return new Hostile(
                kind,
                route(step),
                step.replace(" ", "").contains("{{hook.none:")
                        || step.contains("$simple{") && kind.equals("parameter"));
    }

    private static String route(String step) {
        return "- route:\n    id: x\n    from:\n      uri: direct:new-task-rules\n      steps:\n        - " + step
                + "\n";
    }

    private Hostile file(String kind) {
        String rest = "- route: {id: x, from: {uri: direct:new-task-rules, steps: [{log: x}]}}\n";
        return new Hostile(
                kind,
                one(
                        "- beans: [{name: b, type: java.util.ArrayList}]\n",
                        "- rest: {path: /api}\n",
                        "- restConfiguration: {}\n",
                        "- onException: {exception: [java.lang.Error], steps: [{log: x}]}\n" + rest,
                        "- errorHandler: {deadLetterChannel: {deadLetterUri: \"file:/tmp\"}}\n" + rest,
                        "- routeTemplate: {id: t, from: {uri: direct:x, steps: [{log: x}]}}\n",
                        "- templatedRoute: {routeTemplateRef: t}\n",
                        "- routeConfiguration: {id: c}\n" + rest,
                        "- intercept: {steps: [{log: x}]}\n" + rest,
                        "- onCompletion: {steps: [{log: x}]}\n" + rest,
                        "- from: {uri: direct:new-task-rules, steps: [{log: x}]}\n",
                        "- !!java.lang.ProcessBuilder [touch, " + folder.resolve("touched") + "]\n",
                        "apiVersion: camel.apache.org/v1\nkind: Pipe\n",
                        rest + rest,
                        rest + "---\n" + rest,
                        "&a [*a]\n",
                        "- route: {id: x, routePolicy: messages, from: {uri: direct:new-task-rules, steps: [{log: x}]}}\n",
                        "- route: {id: x, streamCache: true, from: {uri: direct:new-task-rules, steps: [{log: x}]}}\n",
                        "- route: {id: x, trace: true, from: {uri: direct:new-task-rules, steps: [{log: x}]}}\n",
                        "- route: {id: x, errorHandler: {}, from: {uri: direct:new-task-rules, steps: [{log: x}]}}\n",
                        "- route: {id: x, precondition: \"{{sys:canary}}\", from: {uri: direct:new-task-rules, steps: [{log: x}]}}\n",
                        "- route: {id: \"{{sys:canary}}\", from: {uri: direct:new-task-rules, steps: [{log: x}]}}\n",
                        "- route: {id: task.rest.create, from: {uri: direct:new-task-rules, steps: [{log: x}]}}\n",
                        "- route: {id: x, from: {uri: \"timer:x?period=1\", steps: [{log: x}]}}\n",
                        "- route: {id: x, from: {uri: \"timer:x\", parameters: {delay: -1}, steps: [{log: x}]}}\n",
                        "- route: {id: x, from: {uri: \"timer:x\", parameters: {timer: \"#bean:x\"}, steps: [{log: x}]}}\n",
                        "- route: {id: x, from: {uri: \"kamelet:dapr-event-source\", parameters: {topic: task-updates}, steps: [{log: x}]}}\n",
                        "- route: {id: x, from: {uri: \"kamelet:dapr-event-source\", parameters: {topic: task-events, filter: \"$[?(@.a =~ /(a+)+/)]\"}, steps: [{log: x}]}}\n",
                        "- route: {id: x, from: {uri: \"kamelet:webhook-source\", parameters: {name: \"../x\", secret: shop-key}, steps: [{log: x}]}}\n",
                        "- route: {id: x, from: {uri: \"kamelet:webhook-source\", parameters: {name: x, secret: token-key}, steps: [{log: x}]}}\n",
                        "- route: {id: x, from: {uri: \"kamelet:webhook-source\", parameters: {name: \"x?httpMethodRestrict=GET\", secret: shop-key}, steps: [{log: x}]}}\n"),
                false);
    }

    /** Text, with settings of the operator's that would be code: taken, and text it stays. */
    private Hostile text() {
        String setting = one(
                "{{hook.dollar}}",
                "{{hook.open}}",
                "{{hook.reach}}",
                "{{hook.braces}}",
                "{{hook.resource}}",
                "{{hook.bean}}");
        String rest =
                one("{sys.canary}", "sys.canary}", "sys:canary}}", "env:PATH}", "bean:messages}", "", "{{hook.close}}");
        String text = setting + rest;
        String step = one(
                inSimple(text),
                inParameter(text),
                "setBody: {constant: " + quoted(text) + "}",
                "to: {uri: \"kamelet:set-action\", parameters: {field: " + quoted(text) + ", value: x}}",
                "to: {uri: \"kamelet:redact-action\", parameters: {fields: $.x, with: " + quoted(text) + "}}");
        return new Hostile("text", route(step), true);
    }

    // ---------------------------------------------------------------- What becomes of it

    @Test
    void nothingThatReachesOutIsTakenAndNothingComesOut() throws Exception {
        System.out.println("hostile YAML: -Dsandglass.hostile.seed=" + SEED);
        long end = System.nanoTime() + TIME.toNanos();
        int files = 0;
        while (System.nanoTime() < end || files < 60) {
            refused(hostile());
            files++;
        }
        System.out.println("hostile YAML: " + files + " files, " + outcomes);
        assertTrue(outcomes.keySet().size() > 8, outcomes::toString);
        assertFalse(Files.exists(folder.resolve("touched")));
        Thread.sleep(200);
        assertEquals(
                Set.of(),
                threads().stream().filter(thread -> !threads.contains(thread)).collect(Collectors.toSet()));
    }

    private void refused(Hostile hostile) throws Exception {
        String yaml = hostile.yaml;
        Path file = Files.writeString(routes.resolve("a.camel.yaml"), yaml);
        List<Refusal> refusals = Check.of(terms, Folder.of(file));
        String told = refusals.toString();
        assertFalse(told.contains(CANARY) || told.contains(System.getenv("PATH")), () -> yaml + told);
        outcomes.merge(hostile.kind + (refusals.isEmpty() ? " taken" : " refused"), 1, Integer::sum);
        if (!refusals.isEmpty()) {
            long lines = yaml.lines().count();
            refusals.forEach(refusal -> assertTrue(
                    refusal.line() >= 1
                            && refusal.line() <= lines
                            && !refusal.reason().contains("Camel cannot"),
                    () -> yaml + refusal));
            return;
        }
        assertTrue(hostile.perhapsText, () -> "taken: " + yaml);
        List<String> out = new ArrayList<>();
        try (Trial trial = new Trial(terms, file, List.of())) {
            Trial.Outcome outcome = trial.send(null, Json.object().put("title", "x"), Map.of("x", "y"));
            out.addAll(outcome.steps());
            outcome.calls().forEach(call -> out.add(call.toString()));
            assertTrue(outcome.body().length() <= 3_000_000, yaml);
            out.add(outcome.body());
            out.add(String.valueOf(outcome.failure()));
        }
        String all = String.join("\n", out);
        assertFalse(
                all.contains(CANARY) || all.contains(System.getenv("PATH")) || all.contains(SECRET), () -> yaml + all);
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
