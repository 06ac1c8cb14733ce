package dev.sandglass.task.domain.dav;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * An element of a request's body.
 *
 * @param attributes those without a namespace
 * @param text that is in it directly
 */
public record Element(QName name, Map<String, String> attributes, List<Element> children, StringBuilder text) {
    private static final int DEEPEST = 32;
    private static final int MOST = 20_000;
    private static final XMLInputFactory READERS = readers();

    /** Nothing is taken from elsewhere, and nothing stands for something else: a document type is refused. */
    private static XMLInputFactory readers() {
        XMLInputFactory readers = XMLInputFactory.newDefaultFactory();
        readers.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        readers.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        readers.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        readers.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        return readers;
    }

    /**
     * @return empty where there is no body
     * @throws Rejection UNREADABLE where it is no XML, has a document type, or is nested too deep
     */
    public static Optional<Element> read(String body) {
        String text = body.startsWith("\ufeff") ? body.substring(1) : body;
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            XMLStreamReader reader;
            // The factory makes one reader after the other.
            synchronized (READERS) {
                reader = READERS.createXMLStreamReader(new StringReader(text));
            }
            return Optional.of(read(reader));
        } catch (XMLStreamException | RuntimeException e) {
            if (e instanceof Rejection refused) {
                throw refused;
            }
            throw unreadable("The body is not XML that can be read");
        }
    }

    private static Element read(XMLStreamReader reader) throws XMLStreamException {
        Deque<Element> open = new ArrayDeque<>();
        Element root = null;
        int count = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (open.size() >= DEEPEST || ++count > MOST) {
                        throw unreadable("The body is nested too deep, or has too many elements");
                    }
                    Element begun = begin(reader);
                    Element around = open.peek();
                    if (around != null) {
                        around.children.add(begun);
                    } else if (root == null) {
                        root = begun;
                    }
                    open.push(begun);
                }
                case XMLStreamConstants.END_ELEMENT -> open.pop();
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    Element around = open.peek();
                    if (around != null) {
                        around.text.append(reader.getText());
                    }
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw unreadable("A document type, and entities that it defines, are not taken");
                default -> {}
            }
        }
        if (root == null) {
            throw unreadable("The body has no element");
        }
        return root;
    }

    private static Element begin(XMLStreamReader reader) {
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            if (reader.getAttributeNamespace(i) == null
                    || reader.getAttributeNamespace(i).isEmpty()) {
                attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
            }
        }
        return new Element(reader.getName(), attributes, new ArrayList<>(), new StringBuilder());
    }

    static Rejection unreadable(String why) {
        return new Rejection(Reason.UNREADABLE, why);
    }

    Optional<Element> child(QName wanted) {
        return children(wanted).findFirst();
    }

    Stream<Element> children(QName wanted) {
        return children.stream().filter(child -> child.name.equals(wanted));
    }

    boolean is(QName wanted) {
        return name.equals(wanted);
    }

    @Nullable
    String attribute(String wanted) {
        return attributes.get(wanted);
    }

    String said() {
        return text.toString().strip();
    }
}
