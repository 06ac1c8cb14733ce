package dev.sandglass.support.yaml.room;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.Predicate;
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
            case "exchangeProperty" -> new ExchangePropertyLanguage();
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

    private static final class Paths extends JsonPathLanguage {
        Paths() {
            setAllowSimple(false);
            setAllowEasyPredicate(false);
        }

        @Override
        public Expression createExpression(Expression source, String path, Object @Nullable [] options) {
            return super.createExpression(source, right(path), options);
        }

        @Override
        public Predicate createPredicate(Expression source, String path, Object @Nullable [] options) {
            return super.createPredicate(source, right(path), options);
        }

        private static String right(String path) {
            String wrong = JsonPaths.wrong(path);
            if (wrong != null) {
                throw new IllegalArgumentException(wrong);
            }
            return path;
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
            if (token.isEmpty()) {
                throw new IllegalArgumentException("tokenize needs a token");
            }
            return new ExpressionAdapter() {
                @Override
                public Object evaluate(Exchange exchange) {
                    String whole = source.evaluate(exchange, String.class);
                    return whole == null ? List.of() : List.of(whole.split(Pattern.quote(token)));
                }
            };
        }
    }
}
