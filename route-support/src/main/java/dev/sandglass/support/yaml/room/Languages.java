package dev.sandglass.support.yaml.room;

import com.jayway.jsonpath.InvalidPathException;
import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.Predicate;
import org.apache.camel.jsonpath.JsonPathExpression;
import org.apache.camel.jsonpath.JsonPathLanguage;
import org.apache.camel.language.constant.ConstantLanguage;
import org.apache.camel.language.header.HeaderLanguage;
import org.apache.camel.language.property.ExchangePropertyLanguage;
import org.apache.camel.language.tokenizer.TokenizeLanguage;
import org.apache.camel.language.variable.VariableLanguage;
import org.apache.camel.spi.Language;
import org.apache.camel.spi.LanguageResolver;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.ExpressionToPredicateAdapter;
import org.apache.camel.support.LanguageSupport;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/** The languages there are in a {@link Room}. */
final class Languages implements LanguageResolver {
    private final Cells cells;

    Languages(Cells cells) {
        this.cells = cells;
    }

    @Override
    public Language resolveLanguage(String name, CamelContext camel) {
        Language language = switch (name) {
            case "constant" -> new Constant();
            case "exchangeProperty" -> new Properties();
            case "header" -> new HeaderLanguage();
            case "jsonpath" -> new Paths();
            case "simple" -> new PlainSimple(camel, cells);
            case "tokenize" -> new Tokens();
            case "variable" -> new VariableLanguage();
            default -> throw new NoSuchLanguageException(name);
        };
        CamelContextAware.trySetCamelContext(language, camel);
        return language;
    }

    /** Text, whatever it begins with. */
    private final class Constant extends LanguageSupport {
        @Override
        public Expression createExpression(String text) {
            return ConstantLanguage.constant(cells.shown(text));
        }

        @Override
        public Predicate createPredicate(String text) {
            return ExpressionToPredicateAdapter.toPredicate(createExpression(text));
        }
    }

    private static final class Properties extends ExchangePropertyLanguage {
        @Override
        public Expression createExpression(String name) {
            return super.createExpression(Names.readable(name));
        }

        @Override
        public Predicate createPredicate(String name) {
            return super.createPredicate(Names.readable(name));
        }
    }

    private static final class Paths extends JsonPathLanguage {
        Paths() {
            setAllowSimple(false);
            setAllowEasyPredicate(false);
        }

        @Override
        public Expression createExpression(Expression source, String path, Object @Nullable [] options) {
            Expression found = super.createExpression(source, right(path), options);
            if (((JsonPathExpression) found).isWriteAsString() && path.contains("..")) {
                throw new IllegalArgumentException(JsonPaths.NO_TEXTS);
            }
            return new ExpressionAdapter() {
                @Override
                public void init(CamelContext camel) {
                    found.init(camel);
                }

                @Override
                public @Nullable Object evaluate(Exchange exchange) {
                    Object value = found.evaluate(exchange, Object.class);
                    // With .. each part of a part is found, again and again.
                    Weight.of(value);
                    return value;
                }
            };
        }

        @Override
        public Predicate createPredicate(Expression source, String path, Object @Nullable [] options) {
            Predicate found = super.createPredicate(source, right(path), options);
            return new Predicate() {
                @Override
                public void init(CamelContext camel) {
                    found.init(camel);
                }

                @Override
                public boolean matches(Exchange exchange) {
                    try {
                        return found.matches(exchange);
                    } catch (RuntimeException e) {
                        // Not every event has a task.
                        if (ObjectHelper.getException(InvalidPathException.class, e) == null) {
                            throw e;
                        }
                        return false;
                    }
                }
            };
        }

        private static String right(String path) {
            String wrong = JsonPaths.wrong(path);
            if (wrong != null) {
                throw new IllegalArgumentException(wrong);
            }
            return path;
        }
    }

    /** The parts of a text between tokens, without empty ones at the end. Each is made when it is asked for. */
    private static final class Parts extends AbstractList<String> {
        private final String whole;
        private final int token;
        private final int[] ends;
        private final int size;

        Parts(String whole, String token) {
            this.whole = whole;
            this.token = token.length();
            IntStream.Builder found = IntStream.builder();
            for (int at = whole.indexOf(token); at >= 0; at = whole.indexOf(token, at + token.length())) {
                found.add(at);
            }
            ends = found.add(whole.length()).build().toArray();
            int last = ends.length;
            while (last > 1 && begin(last - 1) == ends[last - 1]) {
                last--;
            }
            size = last;
        }

        private int begin(int part) {
            return part == 0 ? 0 : ends[part - 1] + token;
        }

        @Override
        public String get(int part) {
            return whole.substring(begin(part), ends[part]);
        }

        @Override
        public int size() {
            return size;
        }
    }

    /** Takes a text apart at another text: Camel's own takes that for a regular expression. */
    private final class Tokens extends TokenizeLanguage {
        private static final int TOKEN = 2;

        @Override
        public Expression createExpression(Expression source, String text, @Nullable Object[] options) {
            if (IntStream.range(TOKEN + 1, options.length).anyMatch(other -> options[other] != null)) {
                throw new IllegalArgumentException("tokenize has a token here, and nothing else");
            }
            String token = cells.shown(Objects.requireNonNullElse(property(String.class, options, TOKEN, text), ""));
            if (token.isEmpty() || token.length() > Weight.LONGEST_SOUGHT) {
                throw new IllegalArgumentException(
                        "tokenize needs a token, of " + Weight.LONGEST_SOUGHT + " characters at most");
            }
            return new ExpressionAdapter() {
                @Override
                public Object evaluate(Exchange exchange) {
                    String whole = source.evaluate(exchange, String.class);
                    return whole == null ? List.of() : new Parts(whole, token);
                }
            };
        }
    }
}
