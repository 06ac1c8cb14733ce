package dev.sandglass.support.yaml.room;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleExpressionParser;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.language.simple.ast.BaseSimpleNode;
import org.apache.camel.language.simple.ast.BinaryExpression;
import org.apache.camel.language.simple.ast.BlockStart;
import org.apache.camel.language.simple.ast.BooleanExpression;
import org.apache.camel.language.simple.ast.DoubleQuoteEnd;
import org.apache.camel.language.simple.ast.DoubleQuoteStart;
import org.apache.camel.language.simple.ast.LiteralExpression;
import org.apache.camel.language.simple.ast.LogicalExpression;
import org.apache.camel.language.simple.ast.NullExpression;
import org.apache.camel.language.simple.ast.NumericExpression;
import org.apache.camel.language.simple.ast.SimpleFunctionEnd;
import org.apache.camel.language.simple.ast.SimpleFunctionStart;
import org.apache.camel.language.simple.ast.SimpleNode;
import org.apache.camel.language.simple.ast.SingleQuoteEnd;
import org.apache.camel.language.simple.ast.SingleQuoteStart;
import org.apache.camel.language.simple.ast.UnaryExpression;
import org.apache.camel.language.simple.types.BinaryOperatorType;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.language.simple.types.SimpleToken;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.ExpressionToPredicateAdapter;
import org.apache.camel.support.LanguageSupport;
import org.apache.camel.support.PredicateToExpressionAdapter;
import org.apache.camel.support.builder.ExpressionBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Camel's simple, by Camel's own grammar, with the {@link Functions} that reach nothing but the message. An expression is made of what
 * the grammar found, node by node; what a function gives is a value, and is not read again.
 */
final class PlainSimple extends LanguageSupport {
    /** Characters; Camel's tokenizer takes time with the square of it. */
    private static final int LONGEST = 16_000;

    private static final int DEEPEST = 5;
    private static final Set<BinaryOperatorType> OPERATORS = EnumSet.of(
            BinaryOperatorType.EQ,
            BinaryOperatorType.EQ_IGNORE,
            BinaryOperatorType.NOT_EQ,
            BinaryOperatorType.NOT_EQ_IGNORE,
            BinaryOperatorType.GT,
            BinaryOperatorType.GTE,
            BinaryOperatorType.LT,
            BinaryOperatorType.LTE,
            BinaryOperatorType.IN,
            BinaryOperatorType.NOT_IN,
            BinaryOperatorType.RANGE,
            BinaryOperatorType.NOT_RANGE,
            BinaryOperatorType.STARTS_WITH,
            BinaryOperatorType.ENDS_WITH);
    private static final Set<BinaryOperatorType> SEARCHES = EnumSet.of(
            BinaryOperatorType.CONTAINS,
            BinaryOperatorType.NOT_CONTAINS,
            BinaryOperatorType.CONTAINS_IGNORECASE,
            BinaryOperatorType.NOT_CONTAINS_IGNORECASE);
    /** Nodes that mean what they say. */
    private static final Set<Class<? extends SimpleNode>> NODES = Set.of(
            LiteralExpression.class,
            SimpleFunctionEnd.class,
            SingleQuoteEnd.class,
            DoubleQuoteEnd.class,
            LogicalExpression.class,
            UnaryExpression.class,
            NumericExpression.class,
            BooleanExpression.class,
            NullExpression.class);

    private final Cells cells;
    private final Functions functions;

    PlainSimple(CamelContext camel, Cells cells) {
        setCamelContext(camel);
        this.cells = cells;
        this.functions = new Functions(this, cells);
    }

    /** @throws IllegalArgumentException with the reason, for what cannot be used here */
    @Override
    public Expression createExpression(String text) {
        Cells.Cell cell = cells.at(text);
        if (cell == null) {
            return parsed(text, () -> new Expressions(text).parseExpression());
        }
        return switch (cell.kind()) {
            case TEXT -> ExpressionBuilder.constantExpression(cell.says());
            case FILLED_IN -> filledIn(cell.says());
            case SIMPLE -> createExpression(cell.says());
        };
    }

    /** @throws IllegalArgumentException with the reason, for what cannot be used here */
    @Override
    public Predicate createPredicate(String text) {
        Cells.Cell cell = cells.at(text);
        if (cell == null) {
            return parsed(text, () -> new Predicates(text).parsePredicate());
        }
        return cell.kind() == Cells.Kind.SIMPLE
                ? createPredicate(cell.says())
                : ExpressionToPredicateAdapter.toPredicate(createExpression(text));
    }

    @Override
    public Expression createExpression(String text, Object @Nullable [] options) {
        Class<?> type = property(Class.class, options, 0, null);
        if (type == Boolean.class || type == boolean.class) {
            return PredicateToExpressionAdapter.toExpression(createPredicate(text));
        }
        return type == null
                ? createExpression(text)
                : ExpressionBuilder.convertToExpression(createExpression(text), type);
    }

    @Override
    public Predicate createPredicate(String text, Object @Nullable [] options) {
        return createPredicate(text);
    }

    private static <T> T parsed(String text, Supplier<T> parse) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("simple has at most " + LONGEST + " characters here");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("nobody waits for it any more");
        }
        if (depth(text) > DEEPEST) {
            throw new IllegalArgumentException("simple has functions in functions to a depth of " + DEEPEST + " here");
        }
        try {
            return parse.get();
        } catch (SimpleIllegalSyntaxException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalArgumentException(
                    cause instanceof IllegalArgumentException
                            ? cause.getMessage()
                            : "no simple that may be used here: " + cause.getMessage(),
                    e);
        }
    }

    private static int depth(String text) {
        int deepest = 0;
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("${", i) || text.startsWith("$simple{", i)) {
                deepest = Math.max(deepest, ++depth);
            } else if (text.charAt(i) == '}' && depth > 0) {
                depth--;
            }
        }
        return deepest;
    }

    /** Text, but for the functions in it. */
    private Expression filledIn(String text) {
        if (text.length() > LONGEST && text.contains("${")) {
            throw new IllegalArgumentException("what is filled in has at most " + LONGEST + " characters here");
        }
        List<Expression> parts = new ArrayList<>();
        int done = 0;
        int next = 0;
        for (int from = text.indexOf("${"); from >= 0; from = text.indexOf("${", next)) {
            int to = end(text, from);
            next = Math.max(to, from + 1);
            if (to > 0) {
                if (from > done) {
                    parts.add(ExpressionBuilder.constantExpression(text.substring(done, from)));
                }
                parts.add(createExpression(text.substring(from, to)));
                done = to;
            }
        }
        if (done < text.length() || parts.isEmpty()) {
            parts.add(ExpressionBuilder.constantExpression(text.substring(done)));
        }
        return Template.of(parts);
    }

    /** Behind the brace that ends a function; -1 where none does. */
    private static int end(String text, int from) {
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
            if (text.startsWith("${", i)) {
                depth++;
            } else if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    /** Puts ours in the place of those nodes of Camel's that could do more than ours. */
    private SimpleNode ours(SimpleNode node) {
        if (node instanceof SimpleFunctionStart) {
            return new Function(node.getToken());
        }
        if (node instanceof SingleQuoteStart || node instanceof DoubleQuoteStart) {
            return new Quoted(node.getToken());
        }
        if (node instanceof BinaryExpression binary && SEARCHES.contains(binary.getOperator())) {
            return new Search(node.getToken());
        }
        if (node instanceof BinaryExpression binary && OPERATORS.contains(binary.getOperator())
                || NODES.contains(node.getClass())) {
            return node;
        }
        throw new IllegalArgumentException("simple has no '"
                + node.getToken().getText().strip() + "' here: it would name a class, or can take for ever");
    }

    private final class Expressions extends SimpleExpressionParser {
        Expressions(String text) {
            super(PlainSimple.this.getCamelContext(), text, true, null);
        }

        @Override
        protected void parseAndCreateAstModel() {
            super.parseAndCreateAstModel();
            nodes.replaceAll(PlainSimple.this::ours);
        }

        @Override
        protected Expression doParseExpression() {
            return Template.of(made(nodes));
        }
    }

    private final class Predicates extends SimplePredicateParser {
        Predicates(String text) {
            super(PlainSimple.this.getCamelContext(), text, true, null);
        }

        @Override
        protected void parseTokensAndCreateNodes() {
            super.parseTokensAndCreateNodes();
            nodes.replaceAll(PlainSimple.this::ours);
        }
    }

    /** A text is looked for in another: no long one, and not when the time is over. */
    private static final class Search extends BinaryExpression {
        Search(SimpleToken token) {
            super(token);
        }

        @Override
        public boolean acceptRightNode(SimpleNode sought) {
            return super.acceptRightNode(new BaseSimpleNode(sought.getToken()) {
                @Override
                public Expression createExpression(CamelContext camel, String expression) {
                    Expression text = sought.createExpression(camel, expression);
                    return new ExpressionAdapter() {
                        @Override
                        public @Nullable Object evaluate(Exchange exchange) {
                            Deadline.check(exchange);
                            Object found = text.evaluate(exchange, Object.class);
                            String read =
                                    exchange.getContext().getTypeConverter().convertTo(String.class, exchange, found);
                            if (read != null && read.length() > Weight.LONGEST_SOUGHT) {
                                throw new IllegalStateException("a text that is looked for has at most "
                                        + Weight.LONGEST_SOUGHT + " characters");
                            }
                            return found;
                        }
                    };
                }

                @Override
                public String createCode(CamelContext camel, String expression) {
                    throw new UnsupportedOperationException("simple is not compiled here");
                }

                @Override
                public String toString() {
                    return sought.toString();
                }
            });
        }
    }

    private List<Expression> made(List<SimpleNode> nodes) {
        return nodes.stream()
                .map(node -> node.createExpression(getCamelContext(), ""))
                .filter(Objects::nonNull)
                .toList();
    }

    /** A node that begins with a brace or a quote, with all that stands in it. */
    private abstract class Node extends BaseSimpleNode implements BlockStart {
        final List<SimpleNode> children = new ArrayList<>();

        Node(SimpleToken token) {
            super(token);
        }

        @Override
        public boolean acceptAndAddNode(SimpleNode node) {
            return children.add(node);
        }

        @Override
        public String createCode(CamelContext camel, String expression) {
            throw new UnsupportedOperationException("simple is not compiled here");
        }

        String inside() {
            StringBuilder inside = new StringBuilder();
            children.forEach(inside::append);
            return inside.toString();
        }
    }

    private final class Quoted extends Node {
        Quoted(SimpleToken token) {
            super(token);
        }

        @Override
        public Expression createExpression(CamelContext camel, String expression) {
            return Template.of(made(children));
        }

        @Override
        public String toString() {
            return token.getText() + inside() + token.getText();
        }
    }

    final class Function extends Node {
        Function(SimpleToken token) {
            super(token);
        }

        @Override
        public Expression createExpression(CamelContext camel, String expression) {
            Expression made = functions.made(children);
            made.init(camel);
            return made;
        }

        @Override
        public String toString() {
            return "${" + inside() + "}";
        }
    }
}
