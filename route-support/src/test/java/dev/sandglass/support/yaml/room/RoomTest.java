package dev.sandglass.support.yaml.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.support.DaprCalls;
import dev.sandglass.support.RecordingDapr;
import dev.sandglass.support.kamelets.Granted;
import dev.sandglass.support.kamelets.GrantedCalls;
import dev.sandglass.support.kamelets.Messages;
import dev.sandglass.support.kamelets.Webhooks;
import dev.sandglass.support.kamelets.YamlState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.support.SimpleRegistry;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing gets out of a room, even where a file was not checked at all. */
class RoomTest {
    private static final String CANARY = "CANARY-4711";

    private static final List<String> ELSEWHERE = List.of(
            "setBody: {constant: {expression: \"%s\"}}",
            "log: {message: \"%s ${body}\"}",
            "setHeader: {name: y, simple: {expression: \"a %s b\"}}",
            "filter: {simple: {expression: \"%s == 'x'\"}, steps: [{log: x}]}",
            "setBody: {jsonpath: {expression: \"%s\"}}",
            "split: {tokenize: {token: \"%s\"}, steps: [{log: x}]}");

    @TempDir
    Path folder;

    private final Bean bean = new Bean();
    private Room room;

    /** A bean that a Kamelet names, and no route may reach. */
    public static final class Bean {
        final AtomicInteger called = new AtomicInteger();

        public String secret() {
            called.incrementAndGet();
            return CANARY;
        }

        @Override
        public String toString() {
            return CANARY;
        }
    }

    @BeforeEach
    void canary() throws Exception {
        System.setProperty("canary", CANARY);
        Files.writeString(folder.resolve("canary"), CANARY);
        start();
    }

    private void start() {
        SimpleRegistry beans = new SimpleRegistry();
        beans.bind("canary", bean);
        room = new Room("a.camel.yaml", Map.of(), () -> new VocabularyComponent(Map.of()), beans);
    }

    @AfterEach
    void stop() {
        room.stop();
        System.clearProperty("canary");
    }

    /** The result of a route that is loaded as it stands; otherwise the reason why it cannot be loaded. */
    private String run(String yaml) {
        String file = folder.resolve("canary").toString();
        try {
            room.add(yaml.replace("FILE", file)
                    .replace("TOUCH", folder.resolve("touched").toString()));
            room.start();
            Exchange out = room.createProducerTemplate()
                    .send("direct:in?block=false", ExchangePattern.InOut, exchange -> {
                        exchange.getMessage().setBody("{\"a\":{\"b\":1}}");
                        exchange.getMessage().setHeader("x", Map.of("k", "v"));
                    });
            return "ran: " + out.getMessage().getBody() + out.getMessage().getHeaders() + out.getProperties()
                    + out.getException();
        } catch (Exception e) {
            StringBuilder why = new StringBuilder("refused:");
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                why.append(' ').append(cause.getMessage());
            }
            return why.toString();
        }
    }

    @Test
    void aFileWritesUnderItsOwnNameAndSoManyLinesASecond() {
        List<String> names = new ArrayList<>();
        room.getCamelContextExtension().addLogListener((exchange, logger, message) -> {
            names.add(logger.getLog().getName());
            return message;
        });
        String out = run("""
                - route:
                    id: dev.sandglass.relay
                    from:
                      uri: direct:in
                      steps:
                        - loop:
                            constant: "5000"
                            steps:
                              - log: {message: x}
                              - log: {message: x, logName: dev.sandglass.relay}
                              - to: "log:dev.sandglass.audit"
                """);
        assertTrue(out.startsWith("ran:"), out);
        assertEquals(
                Set.of(
                        "yaml.a.camel.yaml",
                        "yaml.a.camel.yaml.dev.sandglass.relay",
                        "yaml.a.camel.yaml.dev.sandglass.audit"),
                new TreeSet<>(names));
        // However slow the machine is: less than a tenth of a second for each hundred.
        assertTrue(names.size() >= 100 && names.size() < 5_000, () -> names.size() + " lines");
    }

    /** In simple. */
    static Stream<String> reachingOut() {
        return Stream.of(
                "${sys.canary}",
                "$simple{sys.canary}",
                "${sysenv.PATH}",
                "${sysenv:PATH}",
                "${env.PATH}",
                "${env:PATH}",
                "${bean:canary}",
                "${bean:canary?method=secret}",
                "${bean:canary.secret}",
                "${bean:canary::secret}",
                "${bean:type:java.lang.Runtime?method=getRuntime}",
                "${ref:canary}",
                "${type:java.lang.System.out}",
                "${properties:canary}",
                "${propertiesExist:canary}",
                "${camelContext}",
                "${camelContext.getName()}",
                "${camelContext.registry.lookupByName('canary')}",
                "${exchange}",
                "${exchange.context.name}",
                "${exchange.getContext().getRegistry().lookupByName('canary').secret()}",
                "${body.class}",
                "${body.getClass().getName()}",
                "${body.a}",
                "${body[a]}",
                "${bodyAs(java.lang.String)}",
                "${bodyAs(String).length()}",
                "${mandatoryBodyAs(java.io.File)}",
                "${messageAs(org.apache.camel.Message).exchange}",
                "${headers}",
                "${headers.x.getClass()}",
                "${header.x.size()}",
                "${header.x[k]}",
                "${header[x].class}",
                "${headerAs(x,java.io.File)}",
                "${variables}",
                "${variable.x.class}",
                "${exchangeProperty.x.class}",
                "${exception.stacktrace}",
                "${exception.class}",
                "${originalBody}",
                "${messageHistory}",
                "${messageHistory(false)}",
                "${logExchange}",
                "${hostname}",
                "${threadName}",
                "${threadId}",
                "${camelId}",
                "${file:name}",
                "${file:absolute.path}",
                "${attachments}",
                "${uuid(canary)}",
                "${hash(${sys.canary})}",
                "${iif(true,${sys.canary},x)}",
                "${iif(${bean:canary} == 'x',a,b)}",
                "${join(,,${sys.canary})}",
                "${replace(a,b,${sys.canary})}",
                "${substring(0,0,${sys.canary})}",
                "${random(0,${bean:canary})}",
                "${jq(.a)}",
                "${xpath(/a)}",
                "${pretty(${sys.canary})}",
                "${prettyBody}",
                "${collate(3)}",
                "${skip(1)}",
                "${list(${sys.canary})}",
                "${map(a,${sys.canary})}",
                "${empty(map)}",
                "${${header.y}}",
                "${ sys.canary}",
                "${sys.canary }",
                "${date:file:yyyy}",
                "${exchangeProperty.CamelToEndpoint}",
                "${exchangeProperty[camelToEndpoint]}",
                "${exchangeProperty:CamelToEndpoint}",
                "${date:exchangeProperty.CamelToEndpoint:yyyy}",
                "${jsonpath(exchangeProperty:CamelToEndpoint, $.a)}");
    }

    static Stream<String> escapes() {
        return Stream.of(
                        reachingOut()
                                .map(text -> ELSEWHERE
                                        .get(Math.floorMod(text.hashCode(), ELSEWHERE.size()))
                                        .formatted(text)),
                        Stream.of(
                                        "{{sys:canary}}",
                                        "{{env:PATH}}",
                                        "{{canary}}",
                                        "{{canary:x}}",
                                        "{{bean:canary.secret}}",
                                        "{{?canary}}",
                                        "resource:file:FILE",
                                        "resource:classpath:application.properties",
                                        "resource:http://127.0.0.1:1/x",
                                        "resource:ref:canary",
                                        "resource:bean:canary.secret")
                                .flatMap(text -> Stream.concat(
                                                Stream.of("setBody: {simple: {expression: \"%s\"}}"),
                                                ELSEWHERE.stream().limit(2))
                                        .map(step -> step.formatted(text))),
                        Stream.of(
                                "setBody: {groovy: {expression: \"System.getProperty('canary')\"}}",
                                "setBody: {method: {ref: canary, method: secret}}",
                                "setBody: {method: {beanType: java.lang.Runtime, method: getRuntime}}",
                                "setBody: {ref: canary}",
                                "setBody: {language: {language: bean, expression: canary}}",
                                "setBody: {language: {language: simple-no-file, expression: \"${sys.canary}\"}}",
                                "setBody: {csimple: {expression: \"${sys.canary}\"}}",
                                "setBody: {xpath: {expression: /a}}",
                                "setBody: {java: {expression: \"return 1;\"}}",
                                "setBody: {simple: {expression: \"1\", resultType: java.io.File}}",
                                "setBody: {simple: {expression: \"FILE\", resultType: java.io.File}}",
                                "setBody: {constant: {expression: FILE, resultType: java.io.File}}",
                                "setBody: {constant: {expression: \"#bean:canary\", resultType: java.lang.Object}}",
                                "setBody: {constant: {expression: x, resultType: \"#bean:canary\"}}",
                                "setBody: {jsonpath: {expression: $.a, resultType: java.net.URL}}",
                                "setBody: {jsonpath: {expression: \"$.a[?(@.b =~ /(a+)+$/)]\"}}",
                                "setBody: {tokenize: {token: a, regex: true}}",
                                "validate: {simple: {expression: \"${body} is 'java.lang.String'\"}}",
                                "validate: {simple: {expression: \"${body} regex '(a+)+$'\"}}",
                                "bean: {ref: canary, method: secret}",
                                "bean: {beanType: java.lang.Runtime, method: getRuntime}",
                                "process: {ref: canary}",
                                "process: {ref: \"#class:java.util.ArrayList\"}",
                                "script: {groovy: \"x\"}",
                                "script: {simple: \"${sys.canary}\"}",
                                "to: bean:canary?method=secret",
                                "to: class:java.lang.Runtime?method=getRuntime",
                                "to: file:FILE",
                                "to: exec:touch?args=TOUCH",
                                "to: language:simple:resource:file:FILE",
                                "to: http://127.0.0.1:1/x",
                                "to: platform-http:/x",
                                "to: ref:canary",
                                "to: seda:x",
                                "to: mock:x",
                                "to: properties:x",
                                "to: rest:get:x",
                                "to: dataformat:jackson:unmarshal",
                                "to: controlbus:route?routeId=x&action=stop",
                                "to: log:x?exchangeFormatter=#class:java.lang.Object",
                                "to: log:x?exchangeFormatter=#bean:canary",
                                "to: log:{{sys:canary}}",
                                "to: kamelet:x?location=file:FILE",
                                "to: kamelet:../canary",
                                "toD: {uri: \"log:${sys.canary}\"}",
                                "recipientList: {constant: {expression: \"file:FILE\"}}",
                                "routingSlip: {constant: {expression: \"file:FILE\"}}",
                                "dynamicRouter: {constant: {expression: \"file:FILE\"}}",
                                "enrich: {constant: {expression: \"file:FILE\"}}",
                                "pollEnrich: {constant: {expression: \"file:FILE\"}}",
                                "poll: {uri: \"file:FILE\"}",
                                "wireTap: {uri: \"file:FILE\"}",
                                "threads: {poolSize: 1000}",
                                "idempotentConsumer: {idempotentRepository: canary, constant: x, steps: [{log: x}]}",
                                "aggregate: {constant: x, aggregationStrategy: canary, steps: [{log: x}]}",
                                "split: {simple: \"${body}\", aggregationStrategy: \"#class:java.util.ArrayList\", steps: [{log: x}]}",
                                "circuitBreaker: {steps: [{log: x}]}",
                                "doTry: {steps: [{log: x}], doCatch: [{exception: [java.lang.Error], steps: [{log: x}]}]}",
                                "loop: {simple: \"1000000\", steps: [{log: x}]}",
                                "loop: {constant: \"1000000\", steps: [{log: x}]}",
                                "loop: {constant: \"1\", doWhile: true, steps: [{log: x}]}",
                                "delay: {constant: \"86400000\"}",
                                "delay: {simple: \"86400000\"}",
                                "log: {message: x, logLanguage: groovy}",
                                "log: {message: x, logger: canary}",
                                "marshal: {jacksonXml: {}}",
                                "marshal: {custom: {ref: canary}}",
                                "marshal: {json: {library: Gson}}",
                                "marshal: {json: {objectMapper: canary}}",
                                "unmarshal: {json: {unmarshalType: java.lang.Runtime}}",
                                "unmarshal: {json: {moduleClassNames: java.lang.Runtime}}",
                                "unmarshal: {yaml: {}}",
                                "convertBodyTo: {type: java.io.File}",
                                "setHeader: {name: CamelBeanMethodName, constant: secret}",
                                "setHeader: {name: camelFileName, constant: secret}",
                                "setHeader: {name: \"${sys.canary}\", constant: secret}",
                                "setHeader: {name: \"{{sys:canary}}\", constant: secret}",
                                "setHeaders: {headers: [{name: CamelHttpUri, constant: x}]}",
                                "setProperty: {name: CamelToEndpoint, constant: x}",
                                "setProperty: {name: room.until, constant: \"0\"}",
                                "setVariable: {name: \"global:x\", constant: x}",
                                "setVariable: {name: \"header:CamelFileName\", constant: x}",
                                "throwException: {exceptionType: java.lang.Error, message: x}",
                                "transacted: {ref: canary}",
                                "policy: {ref: canary}",
                                "intercept: {steps: [{log: x}]}",
                                "pausable: {untilCheck: canary, consumerListener: canary}",
                                "claimCheck: {operation: Push}",
                                "kamelet: {name: x}",
                                "tokenizer: {}"))
                .flatMap(steps -> steps)
                .map(RoomTest::route);
    }

    private static String route(String... steps) {
        return "[{\"route\": {\"id\": \"r\", \"from\": {\"uri\": \"direct:in\", \"steps\": [{%s}]}}}]"
                .formatted(Stream.of(steps)
                        .map(step -> step.replaceFirst("^(\\w+): ", "\"$1\": "))
                        .collect(Collectors.joining("}, {")));
    }

    static Stream<String> files() {
        return Stream.of(
                "[{\"beans\": [{\"name\": \"b\", \"type\": \"java.util.ArrayList\"}]}]",
                "[{\"beans\": [{\"name\": \"b\", \"type\": \"#class:java.lang.ProcessBuilder\", \"constructors\": {\"0\": \"touch\"}}]}]",
                "[{\"beans\": [{\"name\": \"b\", \"type\": \"x\", \"scriptLanguage\": \"groovy\", \"script\": \"x\"}]}]",
                "[{\"rest\": {\"path\": \"/api\", \"get\": [{\"path\": \"/x\", \"to\": \"direct:in\"}]}}]",
                "[{\"restConfiguration\": {\"component\": \"platform-http\"}}]",
                "[{\"onException\": {\"exception\": [\"java.lang.Error\"], \"steps\": [{\"log\": \"x\"}]}}]",
                "[{\"errorHandler\": {\"deadLetterChannel\": {\"deadLetterUri\": \"file:FILE\"}}}]",
                "[{\"routeTemplate\": {\"id\": \"t\", \"from\": {\"uri\": \"direct:x\", \"steps\": [{\"bean\": {\"ref\": \"canary\"}}]}}}]",
                "[{\"templatedRoute\": {\"routeTemplateRef\": \"t\"}}]",
                "[{\"routeConfiguration\": {\"id\": \"c\"}}]",
                "[{\"intercept\": {\"steps\": [{\"bean\": {\"ref\": \"canary\"}}]}}]",
                "[{\"interceptFrom\": {\"uri\": \"direct:in\", \"steps\": [{\"bean\": {\"ref\": \"canary\"}}]}}]",
                "[{\"onCompletion\": {\"steps\": [{\"bean\": {\"ref\": \"canary\"}}]}}]",
                "[{\"from\": {\"uri\": \"file:FILE\", \"steps\": [{\"to\": \"direct:in\"}]}}]",
                "[{\"from\": {\"uri\": \"platform-http:/api/tasks\", \"steps\": [{\"to\": \"direct:in\"}]}}]",
                "[{\"route\": {\"id\": \"r\", \"routePolicy\": \"canary\", \"from\": {\"uri\": \"direct:in\", \"steps\": [{\"log\": \"x\"}]}}}]",
                "[{\"route\": {\"id\": \"r\", \"errorHandler\": {\"refErrorHandler\": {\"ref\": \"canary\"}}, \"from\": {\"uri\": \"direct:in\", \"steps\": [{\"log\": \"x\"}]}}}]",
                "[{\"route\": {\"id\": \"r\", \"precondition\": \"${sys.canary}\", \"from\": {\"uri\": \"direct:in\", \"steps\": [{\"log\": \"x\"}]}}}]",
                "!!java.lang.ProcessBuilder [\"touch\", \"TOUCH\"]",
                "[{\"route\": {\"id\": !!java.lang.ProcessBuilder [\"touch\", \"TOUCH\"], \"from\": {\"uri\": \"direct:in\", \"steps\": [{\"log\": \"x\"}]}}}]",
                "{\"apiVersion\": \"camel.apache.org/v1\", \"kind\": \"Pipe\", \"metadata\": {\"name\": \"p\"}, \"spec\": {\"source\": {\"uri\": \"file:FILE\"}, \"sink\": {\"uri\": \"direct:in\"}}}");
    }

    /** By whatever steps, functions and beans: this one writes each backslash twice. */
    @Test
    void aTextThatDoublesItselfEnds() {
        String out = run(
                route(
                        "loop: {constant: '60', steps: [{marshal: {json: {}}}, {setBody: {simple: {expression: \"${body}\"}}}]}"));
        assertTrue(out.contains("has at most"), () -> out.substring(0, Math.min(200, out.length())));
    }

    /** One value, each level of which holds all below it, is as a text many times its memory. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "setBody: {jsonpath: {expression: \"$..*\"}}",
                "setHeader: {name: y, jsonpath: {expression: \"$..*\"}}",
                "setBody: {simple: {expression: \"x${jsonpath($..*)}\"}}",
                "setBody: {simple: {expression: \"${jsonpath($..*)}\"}}",
                "setBody: {simple: {expression: \"${join(;,-,${jsonpath($..*)})}\"}}",
                "setBody: {simple: {expression: \"${replace(x,yy,${jsonpath($..*)})}\"}}",
                "setBody: {simple: {expression: \"${hash(${jsonpath($..*)})}\"}}",
                "setBody: {simple: {expression: \"${substring(1,1,${jsonpath($..*)})}\"}}",
                "filter: {simple: {expression: \"${jsonpath($..*)} == 'x'\"}, steps: [{log: x}]}",
                "filter: {simple: {expression: \"${jsonpath($..*)} contains 'x'\"}, steps: [{log: x}]}",
                "split: {jsonpath: {expression: \"$..*\"}, steps: [{log: x}]}",
                "log: {message: \"${jsonpath($..*)}\"}"
            })
    void aValueIsCountedBeforeAnythingIsMadeOfIt(String step) {
        String out = run(route("setBody: {constant: {expression: '" + nested(90) + "'}}", step));
        assertTrue(out.contains("a message has at most 3000000"), () -> end(out));
        start();
        String deeper = run(route("setBody: {constant: {expression: '" + nested(500) + "'}}", step));
        assertTrue(deeper.contains("at most 100 levels"), () -> end(deeper));
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "\"" + "x".repeat(100_000) + "\"" + "]".repeat(levels);
    }

    private static String end(String out) {
        return out.substring(Math.max(0, out.length() - 300));
    }

    @Test
    void whatAMessageHasInAllIsCounted() {
        String out = run(route(
                "setBody: {constant: {expression: '" + "x".repeat(400_000) + "'}}",
                "setHeader: {name: a, simple: {expression: \"${body}\"}}",
                "setProperty: {name: b, simple: {expression: \"${body}\"}}",
                "setVariable: {name: c, simple: {expression: \"${body}\"}}",
                "setHeader: {name: d, simple: {expression: \"${body}\"}}",
                "setProperty: {name: e, simple: {expression: \"${body}\"}}",
                "setVariable: {name: f, simple: {expression: \"${body}\"}}",
                "setHeader: {name: g, simple: {expression: \"${body}\"}}",
                "log: {message: x}"));
        assertTrue(out.contains("a message has at most 3000000"), () -> end(out));
    }

    /** They may be a user's: a title is no JSON. */
    @Test
    void bracketsInATextAreText() {
        String out = run(route(
                "setBody: {constant: {expression: '" + "[{".repeat(5_000) + "'}}",
                "setHeader: {name: a, simple: {expression: \"${body}\"}}",
                "loop: {constant: '2', steps: [{loop: {constant: '2', steps: [{removeHeader: {name: b}}]}}]}"));
        assertTrue(out.startsWith("ran: [{"), () -> end(out));
        assertTrue(out.endsWith("null"), () -> end(out));
    }

    /** Else a hundred thousand of them are made before the first is worked on, each with a copy of the headers. */
    @Test
    void ofASplitOnePartIsThereAtATime() throws Exception {
        String split = "{\"split\": {\"tokenize\": {\"token\": \"a\"}, \"steps\": [%s]}}";
        room.add(route(
                "filter: {simple: \"true\", steps: [" + split.formatted(split.formatted("{\"log\": \"x\"}")) + "]}"));
        Collection<SplitDefinition> splits = ProcessorDefinitionHelper.filterTypeInOutputs(
                room.getRouteDefinitions().get(0).getOutputs(), SplitDefinition.class);
        assertEquals(2, splits.size());
        assertTrue(splits.stream().allMatch(it -> "true".equals(it.getStreaming())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"contains", "!contains", "~~", "!~~"})
    void aLongTextIsNotLookedForInALongerOne(String search) {
        long start = System.nanoTime();
        String out = run(route(
                "setBody: {constant: {expression: '" + "a".repeat(400_000) + "'}}",
                "setHeader: {name: n, constant: {expression: '" + "a".repeat(1_000) + "b'}}",
                "filter: {simple: \"${body} " + search + " ${header.n}\", steps: [{log: x}]}"));
        assertTrue(out.contains("a text that is looked for has at most 1000"), () -> end(out));
        assertTrue(System.nanoTime() - start < 5_000_000_000L, "it was looked for");
    }

    @Test
    void anExpressionOfManySearchesEndsWhenItsTimeIsOver() throws Exception {
        String one = "${body} contains ${header.n}";
        room.add(route(
                "setBody: {constant: {expression: '" + "a".repeat(400_000) + "'}}",
                "setHeader: {name: n, constant: {expression: '" + "a".repeat(990) + "b'}}",
                "filter: {simple: \"" + String.join(" || ", Collections.nCopies(300, one)) + "\", steps: [{log: x}]}"));
        room.start();
        long start = System.nanoTime();
        Exchange exchange =
                room.createProducerTemplate().request("direct:in", ran -> Deadline.set(ran, Duration.ofSeconds(1)));
        long took = (System.nanoTime() - start) / 1_000_000;
        assertTrue(
                String.valueOf(exchange.getException()).contains("its time is over"),
                () -> "" + exchange.getException());
        assertTrue(took < 10_000, took + " ms");
    }

    @Test
    void aTextTakenApartIsAList() {
        assertTrue(run(route("setBody: {constant: {expression: 'a;;b;c;;'}}", "setBody: {tokenize: {token: ';'}}"))
                .startsWith("ran: [a, , b, c]{"));
    }

    /** Camel would make ten for each step. */
    @Test
    void howeverManyStepsWaitAFileHasFewThreads() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        String waits = String.join(", ", Collections.nCopies(100, "{delay: {constant: '1'}}"));
        String out =
                run(route("loop: {constant: '10', steps: [" + waits + "]}", "setHeader: {name: y, constant: over}"));
        assertTrue(out.contains("y=over"), () -> end(out));
        Set<Thread> since = new HashSet<>(Thread.getAllStackTraces().keySet());
        since.removeAll(before);
        assertTrue(since.size() < 20, () -> since.size() + " threads: " + since);
    }

    @Test
    void howeverManyTimersWorkTheyHaveAShareOfTheProcessors() throws Exception {
        for (int i = 0; i < 8; i++) {
            room.add("""
                    - route:
                        from:
                          uri: timer:works%d
                          parameters: {period: 1s, delay: "0"}
                          steps:
                            - loop:
                                constant: "30000"
                                steps: [{loop: {constant: "30000", steps: [{setBody: {constant: x}}]}}]
                    """.formatted(i));
        }
        room.start();
        Thread.sleep(1_000);
        long before = worked();
        long began = System.nanoTime();
        Thread.sleep(4_000);
        double share = (double) (worked() - before)
                / (System.nanoTime() - began)
                / Runtime.getRuntime().availableProcessors();
        assertTrue(share > 0 && share < 0.35, () -> share + " of the processors");
    }

    private static long worked() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("timer://works"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getId()))
                .sum();
    }

    @Test
    void camelsOwnPropertiesAreNotRead() {
        String out = run(route("setBody: {exchangeProperty: {expression: CamelToEndpoint}}"));
        assertTrue(out.startsWith("refused:") && out.contains("may not be read"), out);
    }

    @Test
    void aTextThatRefersToItselfManyTimesHasAnEnd() {
        Cells cells = room.cells();
        String last = cells.put(Cells.Kind.TEXT, "x y");
        assertEquals("a x y.", cells.shown("a " + last + "."));
        assertFalse(last.equals(new Cells().put(Cells.Kind.TEXT, "x y")), "a name that is known is of no use");
        for (int i = 0; i < 20; i++) {
            last = cells.put(Cells.Kind.TEXT, last + last);
        }
        assertTrue(cells.shown(last).length() < 10_000, "it grows with each");
        for (int i = 0; i < 4; i++) {
            last = cells.put(Cells.Kind.TEXT, i == 0 ? "x ".repeat(20) : last.repeat(5_000));
        }
        int length = cells.shown(last).length();
        assertTrue(length < 1_000_000, () -> length + " characters");
    }

    /** The bound counts messages that wait in a delay too. */
    @Test
    void whatIsUnderWayHasABoundAndOthersGoOn() throws Exception {
        long before = Inflight.all();
        // Read as JSON each comma is a value; each message is nearly as much as one may be.
        String text = "[" + ",".repeat(70_000);
        long most = Inflight.ALL / (70_000 * 40) / 3;
        room.add(route("setBody: {constant: {expression: '" + text + "'}}", "delay: {constant: '30000'}"));
        room.start();
        ProducerTemplate template = room.createProducerTemplate();
        ExecutorService threads = Executors.newCachedThreadPool();
        AtomicInteger failed = new AtomicInteger();
        for (int i = 0; i < most + 20; i++) {
            threads.execute(() -> {
                Exchange out = template.send("direct:in", ExchangePattern.InOut, exchange -> {});
                if (String.valueOf(out.getException()).contains("there is no room for it")) {
                    failed.incrementAndGet();
                }
            });
        }
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (failed.get() < 20 && System.nanoTime() < until) {
            Thread.sleep(20);
        }
        assertTrue(failed.get() >= 20, failed::toString);
        assertTrue(Inflight.all() - before <= Inflight.ALL / 2, () -> Inflight.all() + " of " + Inflight.ALL);
        Room other = new Room("b", Map.of(), () -> new VocabularyComponent(Map.of()), new SimpleRegistry());
        other.add(route("setBody: {constant: {expression: '" + text + "'}}", "removeHeader: {name: x}"));
        other.start();
        assertNull(other.createProducerTemplate()
                .send("direct:in", ExchangePattern.InOut, exchange -> {})
                .getException());
        other.stop();
        threads.shutdownNow();
        room.stop();
        assertHoldsNoMoreThan(before);
    }

    /** Another test's message may still have been under way before. */
    private static void assertHoldsNoMoreThan(long before) {
        assertTrue(Inflight.all() <= before, () -> Inflight.all() + " instead of " + before);
    }

    @Test
    void whatEndsHoldsNothing() throws Exception {
        long before = Inflight.all();
        room.add(route(
                "loop: {constant: '30000', steps: [{split: {tokenize: {token: a}, steps: [{setBody: {constant: {expression: \"[{}]\"}}}]}}]}",
                "filter: {simple: {expression: \"${header.x} == 'stop'\"}, steps: [{stop: {}}]}",
                "unmarshal: {json: {}}"));
        room.start();
        for (Object x : List.of("go", "stop")) {
            room.createProducerTemplate().send("direct:in", ExchangePattern.InOut, exchange -> {
                exchange.getMessage().setBody("bab");
                exchange.getMessage().setHeader("x", x);
            });
        }
        assertHoldsNoMoreThan(before);
    }

    /** Nobody waits for a timer's messages, so that Camel's own handler would log what they fail with. */
    @Test
    void whatFailsWhereNobodyWaitsIsALineOfTheFilesShare() throws Exception {
        List<LogRecord> lines = logged("""
                [{"route": {"id": "r", "from": {"uri": "timer:x", "parameters": {"period": "1", "delay": "0", "repeatCount": "3000"},
                  "steps": [{"setBody": {"constant": {"expression": "x\\n2026-11-28 ERROR forged\\u0085\\u2028\\u009b31m"}}},
                            {"log": {"message": "${body}"}},
                            {"to": {"uri": "log:x", "parameters": {"showAll": "true", "multiline": "true"}}},
                            {"unmarshal": {"json": {}}}]}}}]""", 2_000);
        List<String> texts = lines.stream().map(RoomTest::text).toList();
        assertTrue(
                texts.stream().anyMatch(text -> text.contains("a message of route r of a.camel.yaml")),
                texts::toString);
        assertOneLineEach(lines);
        assertTrue(lines.size() <= 500, () -> lines.size() + " lines");
    }

    @Test
    void aDeliveryIsALineOfTheFilesShare() throws Exception {
        SimpleRegistry beans = new SimpleRegistry();
        beans.bind("webhooks", new Webhooks(new RecordingDapr(), new Granted("", ""), "task"));
        String sink = Files.readString(Path.of("../dsl-yaml/kamelets/webhook-sink.kamelet.yaml"));
        room = new Room(
                "a.camel.yaml",
                Map.of("webhook-sink", sink),
                () -> new VocabularyComponent(Map.of("webhook-sink", Map.of("secret", "", "token", ""))),
                beans);
        List<LogRecord> lines = logged("""
                [{"route": {"id": "r", "from": {"uri": "timer:x", "parameters": {"period": "1000", "delay": "0", "repeatCount": "1"},
                  "steps": [{"setHeader": {"name": "ce-id", "constant": {"expression": "x\\n2026-11-28 ERROR forged\\u2028"}}},
                            {"setBody": {"constant": {"expression": "{}"}}},
                            {"loop": {"constant": "1000", "steps": [
                              {"to": {"uri": "kamelet:webhook-sink", "parameters": {"url": "http://127.0.0.1:9/x"}}}]}}]}}}]""", 2_000);
        assertTrue(lines.size() >= 100 && lines.size() <= 500, () -> lines.size() + " lines");
        assertOneLineEach(lines);
    }

    /** The ids of what two routes deliver, each with the same body for the same event to the same address. */
    private List<String> deliveries(String service, String file, String yaml) throws Exception {
        RecordingDapr dapr = new RecordingDapr();
        SimpleRegistry beans = new SimpleRegistry();
        beans.bind("webhooks", new Webhooks(dapr, new Granted("", ""), service));
        String sink = Files.readString(Path.of("../dsl-yaml/kamelets/webhook-sink.kamelet.yaml"));
        room.stop();
        room = new Room(
                file,
                Map.of("webhook-sink", sink),
                () -> new VocabularyComponent(Map.of("webhook-sink", Map.of("secret", "", "token", ""))),
                beans);
        String out = run(yaml.replace("HOOK", "{to: {uri: 'kamelet:webhook-sink', parameters: {url: 'http://h/x'}}}"));
        assertTrue(out.endsWith("null"), out);
        return dapr.calls().stream()
                .map(call -> call.with().get("X-Sandglass-Delivery"))
                .toList();
    }

    @Test
    void eachPlaceOfARouteDeliversUnderAnIdOfItsOwnWhichOutlastsARestartAndAnEdit() throws Exception {
        String yaml = """
                - route:
                    id: r
                    from:
                      uri: direct:in
                      steps:
                        - setHeader: {name: ce-id, constant: l/1}
                        - HOOK
                        - HOOK
                        - setBody: {constant: "1,2;3,4"}
                        - split:
                            tokenize: {token: ";"}
                            steps:
                              - split:
                                  tokenize: {token: ","}
                                  steps: [HOOK]
                        - loop:
                            constant: "2"
                            steps:
                              - loop: {constant: "2", steps: [HOOK]}
                              - HOOK
                        - choice:
                            when: [{simple: "${header.ce-id} == 'l/1'", steps: [HOOK]}]
                            otherwise: {steps: [HOOK]}
                        - to: direct:other
                        - to: direct:other
                - route:
                    id: other
                    from: {uri: direct:other, steps: [HOOK]}
                """;
        List<String> ids = deliveries("task", "a.camel.yaml", yaml);
        assertEquals(2 + 4 + 6 + 1 + 2, ids.size());
        assertEquals(ids.size(), Set.copyOf(ids).size(), ids::toString);
        String edited = yaml.replace("- setHeader:", "- log: x\n        - setHeader:");
        assertEquals(ids, deliveries("task", "b.camel.yaml", edited));
        List<String> another = deliveries("task", "a.camel.yaml", yaml.replace("id: r", "id: s"));
        assertTrue(Collections.disjoint(ids, another), () -> ids + " " + another);
        assertTrue(Collections.disjoint(ids, deliveries("audit", "a.camel.yaml", yaml)), "another service");
    }

    @Test
    void whatAFileWritesToTheStoreHasAnEndAndALine() throws Exception {
        RecordingDapr dapr = new RecordingDapr();
        SimpleRegistry beans = new SimpleRegistry();
        beans.bind("yamlState", new YamlState(dapr));
        String action = Files.readString(Path.of("../dsl-yaml/kamelets/dapr-state-action.kamelet.yaml"));
        room = new Room(
                "a.camel.yaml",
                Map.of("dapr-state-action", action),
                () -> new VocabularyComponent(Map.of("dapr-state-action", Map.of("kept", "P30D"))),
                beans);
        List<String> out = new ArrayList<>();
        List<LogRecord> lines = logged(() -> out.add(run("""
                [{"route": {"id": "r", "from": {"uri": "direct:in",
                  "steps": [{"setBody": {"constant": {"expression": "\\"TEXT\\""}}},
                            {"multicast": {"steps": [
                              {"loop": {"constant": "300", "steps": [{"to": {"uri": "kamelet:dapr-state-action",
                                "parameters": {"operation": "save", "key": "k"}}}]}},
                              {"to": {"uri": "kamelet:dapr-state-action", "parameters": {"operation": "append", "key": "l"}}}]}}]}}}]""".replace("TEXT", "x".repeat(200_000)))));
        assertEquals(Set.of("yaml/k"), dapr.keys());
        assertTrue(out.get(0).contains("IllegalStateException: a file writes at most 50000000 characters"));
        assertTrue(lines.stream()
                .anyMatch(line -> text(line).startsWith("a.camel.yaml writes no more to the state store, 1 calls")));
    }

    @Test
    void aRouteCannotBeginItsTimeAnew() {
        String out = run("""
                - route:
                    from:
                      uri: direct:in
                      steps: [{removeProperty: {name: room.until}}]
                """);
        assertTrue(out.startsWith("refused: the name of a exchange property"), out);
    }

    /** In Kafka, a week; a task in the ledger, the audit and Kafka, for good. */
    @Test
    void whatAFilePublishesAndTheTasksItMakesHaveAnEndAndALine() throws Exception {
        AtomicInteger published = new AtomicInteger();
        RecordingDapr dapr = new RecordingDapr() {
            @Override
            public void publish(String topic, String key, CloudEvent event) {
                published.incrementAndGet();
            }

            @Override
            public JsonNode invoke(String app, String verb, String path, String body, Duration limit) {
                published.incrementAndGet();
                return Json.object();
            }
        };
        SimpleRegistry beans = new SimpleRegistry();
        beans.bind("daprCalls", new GrantedCalls(new DaprCalls(dapr), new Granted("", "")));
        beans.bind("messages", new Messages());
        Map<String, String> kamelets = new HashMap<>();
        for (String name : List.of("dapr-publish-sink", "create-task-sink")) {
            kamelets.put(name, Files.readString(Path.of("../dsl-yaml/kamelets/" + name + ".kamelet.yaml")));
        }
        Map<String, String> none = Map.of("title", "", "description", "", "priority", "", "due", "", "list", "");
        Counter counted = Metrics.counter("sandglass.yaml.written.characters", "file", "p.camel.yaml", "to", "broker");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Metrics.addRegistry(meters);
        for (String sink : List.of("dapr-publish-sink?topic=x", "create-task-sink?user=alice&key=k")) {
            published.set(0);
            room.stop();
            room = new Room(
                    "p.camel.yaml",
                    kamelets,
                    () -> new VocabularyComponent(Map.of("dapr-publish-sink", Map.of(), "create-task-sink", none)),
                    beans);
            List<String> out = new ArrayList<>();
            List<LogRecord> lines = logged(() ->
                    out.add(run("""
                    [{"route": {"id": "r", "from": {"uri": "direct:in",
                      "steps": [{"setBody": {"constant": {"expression": "{\\"id\\":\\"e\\",\\"subject\\":\\"s\\",\\"data\\":\\"TEXT\\"}"}}},
                                {"setProperty": {"name": "made", "simple": {"expression": "${body}"}}},
                                {"loop": {"constant": "300", "steps": [
                                  {"setBody": {"simple": {"expression": "${exchangeProperty.made}"}}},
                                  {"to": {"uri": "kamelet:SINK"}}]}}]}}}]""".replace("TEXT", "x".repeat(200_000)).replace("SINK", sink))));
            assertEquals(249, published.get(), out::toString);
            assertTrue(
                    out.get(0).contains("IllegalStateException: a file writes at most 50000000 characters"),
                    out::toString);
            assertTrue(
                    lines.stream().anyMatch(line -> text(line).startsWith("p.camel.yaml writes no more to ")),
                    () -> lines.stream().map(RoomTest::text).toList().toString());
        }
        assertTrue(counted.count() > 49_000_000, () -> counted.count() + " characters");
    }

    /** The lines that a file writes to the log in so many milliseconds. */
    private List<LogRecord> logged(String yaml, long time) throws Exception {
        return logged(() -> {
            room.add(yaml);
            room.start();
            Thread.sleep(time);
            room.stop();
            return time;
        });
    }

    private static List<LogRecord> logged(Callable<?> work) throws Exception {
        List<LogRecord> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                if (!line.getLoggerName().startsWith("org.apache.camel.impl")) {
                    lines.add(line);
                }
            }

            @Override
            public void flush() {
                // Nothing is kept back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
        java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
        root.addHandler(handler);
        try {
            work.call();
        } finally {
            root.removeHandler(handler);
        }
        return lines;
    }

    private static String text(LogRecord line) {
        return ((ExtLogRecord) line).getFormattedMessage();
    }

    private static void assertOneLineEach(List<LogRecord> lines) {
        lines.forEach(line -> {
            assertNull(line.getThrown(), () -> text(line));
            assertFalse(text(line).matches("(?s).*[\\p{Cc}\\u0085\\u2028\\u2029].*"), () -> text(line));
        });
    }

    @ParameterizedTest
    @MethodSource({"escapes", "files"})
    void nothingGetsOutOfARoomWhateverIsPutIn(String yaml) {
        String out = run(yaml);
        assertFalse(out.contains(CANARY), out);
        assertFalse(out.contains(System.getenv("PATH")), out);
        assertEquals(0, bean.called.get(), out);
        assertFalse(Files.exists(folder.resolve("touched")), out);
    }

    @ParameterizedTest
    @MethodSource("reachingOut")
    void thereIsNoFunctionThatReachesOut(String text) {
        String out = run(route("setBody: {simple: {expression: \"%s\"}}".formatted(text)));
        assertTrue(out.startsWith("refused:"), out);
        assertFalse(out.contains(CANARY), out);
        assertEquals(0, bean.called.get(), out);
    }

    @Test
    void whatMayBeUsedIsThere() {
        String out = run(route("setBody: {simple: {expression:"
                + " \"${jsonpath($.a.b)} ${header.x} ${iif(${header.none} == null,a,b)}\"}}"));
        assertTrue(out.startsWith("ran: 1 {k=v} a"), out);
        assertNull(room.getClassResolver().resolveClass("java.lang.Runtime"));
    }
}
