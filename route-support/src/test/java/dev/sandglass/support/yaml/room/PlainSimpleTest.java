package dev.sandglass.support.yaml.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Language;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.SimpleRegistry;
import org.junit.jupiter.api.Assertions;

/** An expression in simple means here what it means in Camel. */
@Tag("FR-012")
class PlainSimpleTest {
    private static final CamelContext CAMEL = new DefaultCamelContext();
    private static final Room ROOM =
            new Room("x", Map.of(), () -> new VocabularyComponent(Map.of()), new SimpleRegistry());

    private static final AtomicInteger COMPARED = new AtomicInteger();

    static {
        CAMEL.start();
        ROOM.start();
    }

    private static Exchange exchange(CamelContext camel) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody("{\"title\":\"Call, the 'bank'\",\"tags\":[\"a\",\"b\"],\"n\":7}");
        exchange.getMessage().setHeader("ce-type", "task.created");
        exchange.getMessage().setHeader("n", 7);
        exchange.getMessage().setHeader("list", List.of("x", "y"));
        exchange.getMessage().setHeader("code", "${body} {{x}} \\} '\"");
        exchange.setProperty("p", "a property");
        exchange.setVariable("v", "a variable");
        return exchange;
    }

    @Provide
    Arbitrary<String> functions() {
        Arbitrary<String> leaf = Arbitraries.of(
                "${body}",
                "${header.n}",
                "${header.ce-type}",
                "${headers.ce-type}",
                "${header[n]}",
                "${header['n']}",
                "${header:n}",
                "${header.none}",
                "${header.code}",
                "${header.list}",
                "${exchangeProperty.p}",
                "${exchangeProperty[p]}",
                "${variable.v}",
                "${null}",
                "${routeId}",
                "${exception.message}",
                "${jsonpath($.title)}",
                "${jsonpath('$.n')}",
                "${jsonpath($.tags[*])}",
                "${jsonpath($.tags[?(@ == 'a')])}",
                "${jsonpath(header:none, $.a)}",
                "${date:now:yyyy}",
                "${date:now+48h:yyyy-MM}",
                "${date-with-timezone:now:Europe/Warsaw:yyyy-MM-dd}",
                "${hash(abc)}",
                "${hash(abc,SHA-1)}",
                "$simple{header.n}",
                "${substring(3)}",
                "${substring(2,3)}",
                "${substring(-2)}",
                "${substring(1,1,abcdef)}",
                "${replace(a,b)}",
                "${replace(',',;)}",
                "${replace('a','&empty;')}",
                "${replace(&quot;,&apos;)}",
                "${join()}",
                "${join(;)}",
                "${random(1)}",
                "${random(5,6)}",
                "${iif(${header.n} == 7,seven,other)}",
                "${iif(${header.none} == null,'no',yes)}");
        Arbitrary<String> nested = leaf.flatMap(inner -> Arbitraries.of(
                "${join(;,-," + inner + ")}",
                "${replace(a,b," + inner + ")}",
                "${substring(1,0," + inner + ")}",
                "${hash(" + inner + ")}",
                "${iif(" + inner + " == 7,a,b)}"));
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(5, leaf), net.jqwik.api.Tuple.of(1, nested));
    }

    @Provide
    Arbitrary<String> templates() {
        Arbitrary<String> text = Arbitraries.of(
                "", " ", "a", "b c", "\\n", "\\}", "\\", "'", "\"", "}", "{", "$", "++", " == ", "x-y", "ü");
        return Combinators.combine(text, functions(), text)
                .as((before, function, after) -> before + function + after)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> predicates() {
        Arbitrary<String> value = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(2, functions()),
                net.jqwik.api.Tuple.of(
                        1,
                        Arbitraries.of(
                                "7",
                                "-1",
                                "1.5",
                                "'task.created'",
                                "\"a\"",
                                "'${header.n}'",
                                "'a ${header.n} b'",
                                "''",
                                "null",
                                "true",
                                "'x,7,y'",
                                "'1..9'",
                                "'task'",
                                "plain")));
        Arbitrary<String> operator = Arbitraries.of(
                " == ",
                " =~ ",
                " != ",
                " !=~ ",
                " > ",
                " >= ",
                " < ",
                " <= ",
                " contains ",
                " !contains ",
                " ~~ ",
                " !~~ ",
                " in ",
                " !in ",
                " range ",
                " !range ",
                " startsWith ",
                " starts with ",
                " endsWith ",
                " ends with ",
                "==",
                " and ");
        Arbitrary<String> comparison =
                Combinators.combine(value, operator, value).as((a, o, b) -> a + o + b);
        return Combinators.combine(comparison, Arbitraries.of(" && ", " || ", "", "", ""), comparison)
                .as((a, and, b) -> and.isEmpty() ? a : a + and + b);
    }

    @Property(tries = 2_000)
    void aTemplateSaysWhatCamelsSays(@ForAll("templates") String text) {
        same(text, (language, exchange) -> {
            var made = language.createExpression(text);
            made.init(exchange.getContext());
            return made.evaluate(exchange, Object.class);
        });
    }

    @Property(tries = 2_000)
    void aPredicateSaysWhatCamelsSays(@ForAll("predicates") String text) {
        same(text, (language, exchange) -> {
            var made = language.createPredicate(text);
            made.init(exchange.getContext());
            return made.matches(exchange);
        });
    }

    @AfterContainer
    static void mostCouldBeCompared() {
        assertTrue(COMPARED.get() > 2_000, COMPARED::toString);
        CAMEL.stop();
        ROOM.stop();
    }

    private interface Say {
        Object of(Language language, Exchange exchange);
    }

    private static void same(String text, Say say) {
        Object camels = said(CAMEL, say);
        Object ours = said(ROOM, say);
        // A text that Camel cannot evaluate may be possible here, and the message about it is ours.
        if (camels instanceof Exception) {
            return;
        }
        COMPARED.incrementAndGet();
        assertFalse(ours instanceof Exception, () -> text + ": " + ours);
        assertEquals(String.valueOf(camels), String.valueOf(ours), text);
    }

    private static Object said(CamelContext camel, Say say) {
        try {
            return say.of(camel.resolveLanguage("simple"), exchange(camel));
        } catch (Exception e) {
            return e;
        }
    }

    @Example
    void whatWouldTakeForEverIsRefusedAtOnce() {
        Language simple = ROOM.resolveLanguage("simple");
        for (String text : List.of(
                "${iif(".repeat(5_000),
                "${body}".repeat(50_000),
                "x".repeat(20_000),
                "${iif(true,".repeat(6) + "a" + ",b)}".repeat(6),
                "${header.x}" + " && ${header.x}".repeat(5_000))) {
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertThrows(IllegalArgumentException.class, () -> simple.createExpression(text)));
        }
    }

    @Example
    void whatIsNestedIsLookedAtOnce() {
        Language simple = ROOM.resolveLanguage("simple");
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (String around :
                    List.of("iif(true,*,b)", "join(;,-,*)", "replace(a,b,*)", "substring(0,0,*)", "hash(*)")) {
                String[] both = ("${" + around + "}").split("\\*");
                String text = both[0].repeat(4) + "${body}".repeat(2_100) + both[1].repeat(4);
                simple.createExpression(text).init(ROOM);
            }
        });
    }

    @Example
    void whatAFunctionGivesIsNotReadAgain() {
        Language simple = ROOM.resolveLanguage("simple");
        Exchange exchange = exchange(ROOM);
        for (String text :
                List.of("${header.code}", "${iif(true,${header.code},x)}", "${replace(zzz,b,${header.code})}")) {
            assertEquals("${body} {{x}} \\} '\"", simple.createExpression(text).evaluate(exchange, String.class), text);
        }
        assertTrue(simple.createPredicate("'${header.code}' contains 'body'").matches(exchange));
    }
}
