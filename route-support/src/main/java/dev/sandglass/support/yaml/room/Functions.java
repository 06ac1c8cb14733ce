package dev.sandglass.support.yaml.room;

import static java.util.stream.Collectors.joining;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.SimpleDateFormat;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleExpressionBuilder;
import org.apache.camel.language.simple.ast.SimpleNode;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.builder.ExpressionBuilder;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.StringQuoteHelper;
import org.jspecify.annotations.Nullable;

/** The functions of {@link PlainSimple}. What is not among them there is no code for. */
final class Functions {
    private static final Map<String, Supplier<Expression>> ALONE = Map.of(
            "body", ExpressionBuilder::bodyExpression,
            "exception.message", ExpressionBuilder::exchangeExceptionMessageExpression,
            "exchangeId", ExpressionBuilder::exchangeIdExpression,
            "messageTimestamp", ExpressionBuilder::messageTimestampExpression,
            "null", SimpleExpressionBuilder::nullExpression,
            "routeId", ExpressionBuilder::routeIdExpression,
            "uuid", () -> SimpleExpressionBuilder.uuidExpression(null));
    private static final String THERE_ARE = "not a function that may be used here; these may: body, header.x,"
            + " exchangeProperty.x, variable.x, date:now:…, date-with-timezone:now:…, exception.message, exchangeId,"
            + " messageTimestamp, null, routeId, uuid, hash(), iif(), join(), jsonpath(), random(), replace(),"
            + " substring(), uuid()";

    private static final String OUT_OF_REACH =
            "fields and methods are out of reach: it is ${body}, ${header.x}; read fields with jsonpath";

    private static final Pattern FUNCTION = Pattern.compile("([A-Za-z-]+)([^A-Za-z-].*)", Pattern.DOTALL);
    private static final Pattern ONE_NAME = Pattern.compile("[.:]([\\w-]+)|\\[(['\"]?)([\\w-]+)\\2]");
    private static final Pattern ARGUMENTS = Pattern.compile("\\((.*)\\)", Pattern.DOTALL);
    private static final Pattern MOMENT = Pattern.compile("(?:now|exchangeCreated|(?:header|variable|exchangeProperty)"
            + "\\.[\\w-]+)(?:\\s*[+-]\\s*[0-9]{1,9}\\s*[a-z]{1,2}){0,5}");
    private static final String PROPERTY = "exchangeProperty";
    private static final Pattern OF_SOURCE =
            Pattern.compile("((?:header|exchangeProperty|variable):[\\w-]+)\\s*,\\s*(.*)", Pattern.DOTALL);
    private static final Set<String> DIGESTS = new TreeSet<>(Set.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"));
    private static final Set<String> UUIDS = new TreeSet<>(Set.of("classic", "default", "random", "short", "simple"));
    /** The value of a setting in the place of a name: none of these characters has a meaning in the grammar. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 _/.-]*");

    private final PlainSimple simple;
    private final Cells cells;

    Functions(PlainSimple simple, Cells cells) {
        this.simple = simple;
        this.cells = cells;
    }

    /**
     * The expression of a function.
     *
     * @param inside what stands between {@code ${} and {@code }}
     * @throws IllegalArgumentException with the reason, where there is no such function
     */
    Expression made(List<SimpleNode> inside) {
        String whole = inside.stream().map(Object::toString).collect(joining("", "${", "}"));
        if (cells.at(whole) != null) {
            return simple.createExpression(whole);
        }
        try {
            return new Call(inside).made();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(cells.shown(whole) + ": " + e.getMessage(), e);
        }
    }

    private static Expression by(Function<Exchange, @Nullable Object> value) {
        return new ExpressionAdapter() {
            @Override
            public @Nullable Object evaluate(Exchange exchange) {
                return value.apply(exchange);
            }
        };
    }

    /** A function while it is taken apart: each function within it is one character, so that nothing in it separates anything. */
    private final class Call {
        private static final char FIRST = '\uE000';
        private static final char LAST = '\uF8FF';

        private final List<String> nested = new ArrayList<>();
        private final String says;

        Call(List<SimpleNode> inside) {
            StringBuilder text = new StringBuilder();
            for (SimpleNode node : inside) {
                String part = node.toString();
                Cells.Cell setting = cells.at(part);
                if (setting != null
                        && FUNCTION.matcher(text).matches()
                        && NAME.matcher(setting.says()).matches()) {
                    text.append(setting.says());
                } else if (node instanceof PlainSimple.Function && nested.size() < LAST - FIRST) {
                    text.append((char) (FIRST + nested.size()));
                    nested.add(part);
                } else if (part.chars().noneMatch(c -> c >= FIRST && c <= LAST)) {
                    text.append(part);
                } else {
                    throw new IllegalArgumentException("it has characters for private use");
                }
            }
            says = text.toString();
        }

        Expression made() {
            Supplier<Expression> alone = ALONE.get(says);
            if (alone != null) {
                return alone.get();
            }
            Matcher function = FUNCTION.matcher(says);
            if (!function.matches()) {
                throw new IllegalArgumentException(THERE_ARE);
            }
            String rest = function.group(2);
            return switch (function.group(1)) {
                case "body" -> throw new IllegalArgumentException(OUT_OF_REACH);
                case "header", "headers" -> ofName(rest, ExpressionBuilder::headerExpression);
                case "exchangeProperty" ->
                    ofName(rest, name -> ExpressionBuilder.exchangePropertyExpression(Names.readable(name)));
                case "variable" -> ofName(rest, ExpressionBuilder::variableExpression);
                case "date" -> date(rest.substring(1).split(":", 2), null);
                case "date-with-timezone" -> dateWithTimezone(rest.substring(1).split(":", 3));
                case "hash" -> hash(arguments(rest, 1, 2));
                case "iif" -> iif(rest);
                case "join" -> join(arguments(rest, 0, 3));
                case "jsonpath" -> jsonpath(argument(rest));
                case "random" -> random(arguments(rest, 1, 2));
                case "replace" -> replace(arguments(rest, 2, 3));
                case "substring" -> substring(arguments(rest, 1, 3));
                case "uuid" -> uuid(argument(rest));
                default -> throw new IllegalArgumentException(THERE_ARE);
            };
        }

        private Expression ofName(String rest, Function<String, Expression> of) {
            Matcher name = ONE_NAME.matcher(rest);
            if (!name.matches()) {
                throw new IllegalArgumentException(OUT_OF_REACH);
            }
            return of.apply(name.group(1) == null ? name.group(3) : name.group(1));
        }

        private Expression dateWithTimezone(String[] parts) {
            if (parts.length < 3) {
                throw new IllegalArgumentException("it is ${date-with-timezone:now:Europe/Warsaw:yyyy-MM-dd}");
            }
            String zone = literal(parts[1]);
            try {
                ZoneId.of(zone);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(zone + " is no time zone", e);
            }
            return date(new String[] {parts[0], parts[2]}, zone);
        }

        private Expression date(String[] parts, @Nullable String zone) {
            if (!MOMENT.matcher(parts[0]).matches()) {
                throw new IllegalArgumentException("it is ${date:now:yyyy-MM-dd}, ${date:now+24h:…} or the like");
            }
            if (parts[0].startsWith(PROPERTY)) {
                Names.readable(parts[0].substring(PROPERTY.length() + 1));
            }
            String pattern = parts.length == 1 ? null : literal(parts[1]);
            if (pattern != null) {
                new SimpleDateFormat(pattern, Locale.ROOT);
            }
            return SimpleExpressionBuilder.dateExpression(parts[0], zone, pattern);
        }

        private Expression hash(String[] arguments) {
            String digest = arguments.length == 1 ? "SHA-256" : arguments[1];
            String known = oneOf(DIGESTS, digest);
            Expression value = expression(arguments[0]);
            return by(exchange -> {
                byte[] bytes = value.evaluate(exchange, byte[].class);
                try {
                    return bytes == null || bytes.length == 0
                            ? null
                            : StringHelper.bytesToHex(
                                    MessageDigest.getInstance(known).digest(bytes));
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        private Expression iif(String rest) {
            String[] parts = StringQuoteHelper.splitSafeQuote(argument(rest), ',', true, true);
            if (parts.length != 3) {
                throw new IllegalArgumentException("it is ${iif(condition,if so,if not)}");
            }
            Predicate condition = simple.createPredicate(code(parts[0]));
            Expression so = expression(parts[1]);
            Expression not = expression(parts[2]);
            return by(exchange -> (condition.matches(exchange) ? so : not).evaluate(exchange, Object.class));
        }

        private Expression join(String[] arguments) {
            String separator = arguments.length < 1 ? "," : literal(arguments[0]);
            String prefix = arguments.length < 2 ? "" : literal(arguments[1]);
            Expression values = arguments.length < 3 ? ExpressionBuilder.bodyExpression() : expression(arguments[2]);
            return by(exchange -> {
                Template.Limited text = new Template.Limited(exchange);
                Iterator<?> each = values.evaluate(exchange, Iterator.class);
                while (each != null && each.hasNext()) {
                    String one = Template.text(each.next(), exchange);
                    if (one != null) {
                        text.append(text.isEmpty() ? "" : separator)
                                .append(prefix)
                                .append(one);
                    }
                }
                return text.toString();
            });
        }

        private Expression jsonpath(String argument) {
            String path = StringHelper.removeLeadingAndEndingQuotes(argument);
            Matcher source = OF_SOURCE.matcher(path);
            boolean sourced = source.matches();
            String wrong = JsonPaths.wrong(sourced ? source.group(2) : path);
            if (wrong != null) {
                throw new IllegalArgumentException(wrong);
            }
            if (sourced && path.startsWith(PROPERTY)) {
                Names.readable(source.group(1).substring(PROPERTY.length() + 1));
            }
            return sourced
                    ? ExpressionBuilder.singleInputLanguageExpression("jsonpath", source.group(2), source.group(1))
                    : ExpressionBuilder.languageExpression("jsonpath", path);
        }

        private Expression random(String[] arguments) {
            Expression low = expression(arguments.length == 1 ? "0" : arguments[0]);
            Expression high = expression(arguments[arguments.length - 1]);
            return by(exchange -> {
                int least = low.evaluate(exchange, Integer.class);
                return new Random().nextInt(high.evaluate(exchange, Integer.class) - least) + least;
            });
        }

        private Expression replace(String[] arguments) {
            String from = StringHelper.xmlDecode(literal(arguments[0]));
            String to = "&empty;".equals(arguments[1]) ? "" : StringHelper.xmlDecode(literal(arguments[1]));
            if (from.isEmpty() || from.length() > Weight.LONGEST_SOUGHT) {
                throw new IllegalArgumentException(
                        "what is replaced has 1 to " + Weight.LONGEST_SOUGHT + " characters here");
            }
            Expression value = arguments.length < 3 ? ExpressionBuilder.bodyExpression() : expression(arguments[2]);
            return by(exchange -> {
                String text = Template.text(value, exchange);
                if (text == null) {
                    return null;
                }
                Template.Limited made = new Template.Limited(exchange);
                int done = 0;
                for (int at = text.indexOf(from); at >= 0; at = text.indexOf(from, done)) {
                    made.append(text.substring(done, at)).append(to);
                    done = at + from.length();
                }
                return made.append(text.substring(done)).toString();
            });
        }

        private Expression substring(String[] arguments) {
            Expression value = arguments.length < 3 ? ExpressionBuilder.bodyExpression() : expression(arguments[2]);
            Expression head = expression(arguments[0]);
            Expression tail = expression(arguments.length < 2 ? "0" : arguments[1]);
            return by(exchange -> {
                int from = head.evaluate(exchange, Integer.class);
                int to = tail.evaluate(exchange, Integer.class);
                boolean last = from < 0 && to == 0;
                return ExpressionBuilder.substring(value, last ? 0 : Math.abs(from), Math.abs(last ? from : to))
                        .evaluate(exchange, Object.class);
            });
        }

        private Expression uuid(String kind) {
            return SimpleExpressionBuilder.uuidExpression(oneOf(UUIDS, kind));
        }

        private String argument(String rest) {
            Matcher arguments = ARGUMENTS.matcher(rest);
            if (!arguments.matches()) {
                throw new IllegalArgumentException(THERE_ARE);
            }
            return arguments.group(1);
        }

        private String[] arguments(String rest, int least, int most) {
            String all = argument(rest);
            String[] each = all.isEmpty() ? new String[0] : StringQuoteHelper.splitSafeQuote(all, ',', false);
            if (each.length < least || each.length > most) {
                throw new IllegalArgumentException("it takes " + least + " to " + most + " values");
            }
            return each;
        }

        private String oneOf(Set<String> known, String name) {
            if (!known.contains(name.strip())) {
                throw new IllegalArgumentException(name.strip() + " is none of " + known);
            }
            return name.strip();
        }

        /** Made here and now, once: Camel's own functions make theirs anew each time they are begun with. */
        private Expression expression(String part) {
            return simple.createExpression(code(part));
        }

        /** As simple, with the functions that were within it. */
        private String code(String part) {
            StringBuilder code = new StringBuilder();
            part.chars().forEach(c -> {
                if (c >= FIRST && c <= LAST) {
                    code.append(nested.get(c - FIRST));
                } else {
                    code.append((char) c);
                }
            });
            return code.toString();
        }

        /** As a text; a setting alone is one. */
        private String literal(String part) {
            Cells.Cell setting = cells.at(code(part));
            if (setting == null && part.chars().anyMatch(c -> c >= FIRST && c <= LAST)) {
                throw new IllegalArgumentException(cells.shown(code(part)) + " is wanted as a text");
            }
            return setting == null ? part : setting.says();
        }
    }
}
