package dev.sandglass.support.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.support.AnswerHeaders;
import dev.sandglass.support.DaprCalls;
import dev.sandglass.support.kamelets.Granted;
import dev.sandglass.support.kamelets.GrantedCalls;
import dev.sandglass.support.kamelets.Messages;
import dev.sandglass.support.kamelets.Webhooks;
import dev.sandglass.support.kamelets.YamlState;
import dev.sandglass.support.yaml.room.VocabularyComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.support.SimpleRegistry;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/** Every parameter of every Kamelet comes out as an integrator writes it, or the line is told. */
@Tag("FR-012")
class AsWrittenTest {
    private static final Granted GRANTED = new Granted(Granted.SECRETS + ",crm-token", "crm/");
    private static final String SETTING = "a setting's ${header.x} {{hook.x}} &";
    private static final Terms TERMS =
            Terms.of("task", CheckTest.OURS.resolve("kamelets"), Map.of("hook.x", SETTING)::get, GRANTED);
    /** A user of the system may have written this: it is never anything but a value. */
    private static final String DATA = "${body} {{hook.x}} RAW(x) '\"\\";

    private static final List<String> PIECES = List.of(
            "&",
            "?",
            "%",
            "%20",
            "%zz",
            "#",
            "+",
            "{{",
            "}}",
            "{",
            "}",
            "${",
            "$",
            "RAW(",
            "RAW{",
            ")",
            "'",
            "\"",
            " ",
            "  ",
            "\\",
            "\\n",
            "\n",
            "\t",
            "\r",
            "=",
            "&secret=",
            "#bean:x",
            "#class:a.B",
            "resource:",
            "resource:file:/etc/hostname",
            "simple{",
            "$simple{",
            "/",
            "//",
            ":",
            ";",
            ",",
            "|",
            "||",
            "*",
            "é",
            "日本",
            "😀",
            "\u0301",
            "\u200b",
            "\uE000",
            "x",
            "a b",
            "1",
            "-",
            "<b>",
            "null",
            "true");

    private static final Map<String, Integer> TAKEN = new ConcurrentHashMap<>();

    /** A parameter of a Kamelet. */
    record Of(String kamelet, String parameter) {}

    @Provide
    Arbitrary<Of> parameters() {
        List<Of> all = new ArrayList<>();
        for (boolean source : new boolean[] {false, true}) {
            for (String name : TERMS.kamelets().names(source)) {
                TERMS.kamelets()
                        .named(name)
                        .parameters()
                        .keySet()
                        .forEach(parameter -> all.add(new Of(name, parameter)));
            }
        }
        return Arbitraries.of(all);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.frequencyOf(
                        Tuple.of(6, Arbitraries.of(PIECES)),
                        Tuple.of(1, Arbitraries.of("${header.x}", "{{hook.x}}", "{{hook.none:d}}")),
                        Tuple.of(
                                2,
                                Arbitraries.strings()
                                        .all()
                                        .ofMaxLength(3)
                                        .filter(text -> text.codePoints().noneMatch(AsWrittenTest::isNoYaml))))
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(pieces -> String.join("", pieces));
    }

    /** YAML has no halves of characters; the other one stands for a setting in {@link #expected}. */
    private static boolean isNoYaml(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE || codePoint == '\ufdd0';
    }

    @Property(tries = 1_000, shrinking = ShrinkingMode.BOUNDED)
    void aParameterIsTakenAsItIsWrittenOrItsLineIsTold(@ForAll("parameters") Of of, @ForAll("texts") String text) {
        Kamelets.Kamelet kamelet = TERMS.kamelets().named(of.kamelet);
        Kamelets.Parameter parameter = kamelet.parameters().get(of.parameter);
        int line = 8; // A method is not granted by reason of its app too, which is in the line before.
        Use use = new Use(of, text);
        Check.Result result = use.check();
        try {
            if (!result.refusals().isEmpty()) {
                assertTrue(
                        result.refusals().stream().anyMatch(refusal -> refusal.line() >= line),
                        result.refusals()::toString);
                return;
            }
            TAKEN.merge(of.toString(), 1, Integer::sum);
            if (of.kamelet.equals("throttle-action") || of.equals(new Of("dapr-event-source", "type"))) {
                // Two numbers, which no message carries; a list of names.
                return;
            }
            String expected = expected(text, parameter.filledIn());
            Collection<String> seen = use.seen(result.loaded().get("a.camel.yaml"), of);
            assertTrue(seen.contains(expected), () -> TextNode.valueOf(expected) + " is not in " + seen);
        } finally {
            result.loaded().values().forEach(Loaded::stop);
        }
    }

    /** As YAML has a text between quotes. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c < 0x20 || c >= 0x7f && c < 0xa0 || c == '"' || c == '\\' || c >= 0xfffe) {
                quoted.append("\\u%04x".formatted(c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }

    /** The words of the documentation, and nothing else. */
    private static String expected(String text, boolean filledIn) {
        String all = text.replace("{{hook.none:d}}", "d").replace("{{hook.x}}", "\ufdd0");
        return (filledIn ? all.replace("${header.x}", DATA) : all).replace("\ufdd0", SETTING);
    }

    @Example
    void braces() {
        for (String text : List.of("{{", "}}", "a{{b}}c", "{{ }}", "{{\"a\":1}}", "${", "${ ", "$", "{{hook.x}}")) {
            for (boolean filledIn : new boolean[] {false, true}) {
                Of of = filledIn ? new Of("set-action", "value") : new Of("set-action", "field");
                Use use = new Use(of, text);
                Check.Result result = use.check();
                assertEquals(List.of(), result.refusals(), text);
                Loaded loaded = result.loaded().get("a.camel.yaml");
                assertTrue(use.seen(loaded, of).contains(expected(text, filledIn)), text);
                loaded.stop();
            }
        }
        for (String text :
                List.of("{{env:HOME}}", "{{sandglass.dsl-yaml}}", "{{hook.missing}}", "{{hook.none:$}}{x}")) {
            assertEquals(
                    8,
                    new Use(new Of("set-action", "field"), text)
                            .check()
                            .refusals()
                            .get(0)
                            .line(),
                    text);
        }
    }

    @AfterContainer
    static void everyParameterThatTakesAnyTextTookSome() {
        for (boolean source : new boolean[] {false, true}) {
            for (String name : TERMS.kamelets().names(source)) {
                TERMS.kamelets().named(name).parameters().forEach((parameter, known) -> {
                    boolean any = known.schema().path("type").asText().equals("string")
                            && !known.schema().has("enum")
                            && !known.schema().has("pattern")
                            // One of those that the service is given.
                            && !(name + parameter).equals("dapr-event-sourcetopic")
                            && (known.format().isEmpty() || known.format().equals("simple"));
                    Of of = new Of(name, parameter);
                    assertTrue(!any || TAKEN.getOrDefault(of.toString(), 0) > 0, of + " took none of all these texts");
                });
            }
        }
    }

    /** A route with a Kamelet whose other parameters are as in its examples. */
    private static final class Use {
        private final List<String> seen = new ArrayList<>();
        private final List<TrialDapr.Call> calls = new ArrayList<>();
        private final TrialDapr dapr = new TrialDapr(List.of(), calls);
        private final Kamelets.Kamelet kamelet;
        private final String yaml;

        Use(Of of, String text) {
            kamelet = TERMS.kamelets().named(of.kamelet);
            SortedMap<String, String> parameters = new TreeMap<>();
            kamelet.required()
                    .forEach(required -> parameters.put(
                            required,
                            kamelet.parameters()
                                    .get(required)
                                    .schema()
                                    .path("example")
                                    .asText()));
            parameters.remove(of.parameter);
            // In line 8 either way.
            String use = "uri: kamelet:" + of.kamelet + ",\n      # x\n      # x\n      parameters: {\n        "
                    + of.parameter + ": " + quoted(text)
                    + String.join(
                            "",
                            parameters.entrySet().stream()
                                    .map(other -> ",\n        " + other.getKey() + ": " + quoted(other.getValue()))
                                    .toList())
                    + "}";
            yaml = kamelet.source()
                    ? "- route:\n    id: x\n    note: x\n    from: {" + use + ", steps: [{log: x}]}\n"
                    : "- route:\n    id: x\n    from: {uri: direct:new-task-rules, steps: [\n      {to: {" + use
                            + "}}]}\n";
        }

        Check.Result check() {
            SimpleRegistry beans = new SimpleRegistry();
            beans.bind("daprCalls", new GrantedCalls(new DaprCalls(dapr), GRANTED));
            beans.bind("webhooks", new Webhooks(dapr, GRANTED, "task"));
            beans.bind("yamlState", new YamlState(dapr));
            beans.bind("messages", new Messages());
            TERMS.kamelets().beans().stream()
                    .filter(bean -> beans.lookupByName(bean) == null)
                    .forEach(bean -> beans.bind(bean, new AnswerHeaders()));
            Loaded.Ground ground = new Loaded.Ground(
                    beans,
                    () -> new VocabularyComponent(TERMS.kamelets().defaults()),
                    kamelet.source() ? Loaded.Use.CHECKED : Loaded.Use.TRIED,
                    (camel, step, target, next) -> watched(target));
            return new Check(TERMS, ground).check(new TreeMap<>(Map.of("a.camel.yaml", yaml)), Map.of());
        }

        private Processor watched(Processor target) {
            return new DelegateAsyncProcessor(target) {
                @Override
                public boolean process(Exchange exchange, org.apache.camel.AsyncCallback done) {
                    return super.process(exchange, sync -> {
                        exchange.getProperties().values().forEach(value -> seen.add(String.valueOf(value)));
                        exchange.getMessage().getHeaders().values().forEach(value -> seen.add(String.valueOf(value)));
                        done.done(sync);
                    });
                }
            };
        }

        /** All texts that any step of the Kamelet had before it, or that it would have sent. */
        Collection<String> seen(Loaded loaded, Of of) {
            if (kamelet.source()) {
                YamlRoute route = loaded.routes.get(0);
                if (route.wanted() != null) {
                    seen.add(String.valueOf(route.wanted().list()));
                    seen.add(String.valueOf(route.wanted().filter()));
                }
                loaded.room.getEndpoints().stream()
                        .filter(KameletEndpoint.class::isInstance)
                        .map(KameletEndpoint.class::cast)
                        .forEach(endpoint -> seen.add(loaded.room
                                .cells()
                                .shown(String.valueOf(
                                        endpoint.getKameletProperties().get(of.parameter)))));
                return seen;
            }
            try {
                loaded.send("new-task-rules", "{\"title\":\"x\"}", Map.of("x", DATA), Duration.ofSeconds(20));
            } catch (Exception e) {
                // The Kamelet says what a server, a path or a date cannot be; its words were seen.
                assertFalse(String.valueOf(e.getMessage()).contains("Camel"), e::toString);
            }
            calls.forEach(call -> seen.add(call.target()));
            return seen;
        }
    }
}
