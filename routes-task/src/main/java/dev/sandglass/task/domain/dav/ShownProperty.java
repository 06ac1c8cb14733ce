package dev.sandglass.task.domain.dav;

import java.util.List;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** Something under {@code /dav/} with its properties. */
public interface ShownProperty {
    String href();

    /** The properties it has. */
    List<QName> names();

    /** What is in the property, as XML; null where it has none of that name. */
    @Nullable
    String value(QName name);
}
