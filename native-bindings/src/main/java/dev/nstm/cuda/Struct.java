package dev.nstm.cuda;

import java.util.List;

/**
 * A structure of 32-bit words that Java fills in and the kernels read: both take its layout from here.
 *
 * @param name in the kernels' sources
 * @param fields in their order
 */
record Struct(String name, List<Field> fields) {
    /**
     * One word, or several of one type.
     *
     * @param type int or float
     * @param count of the words; 1 for a plain field
     */
    record Field(String type, String name, int count) {
        static Field of(String type, String name) {
            return new Field(type, name, 1);
        }

        private String declaration() {
            return "    " + type + " " + name + (count == 1 ? "" : "[" + count + "]") + ";\n";
        }
    }

    /** Words of the whole. */
    int words() {
        return fields.stream().mapToInt(Field::count).sum();
    }

    /** First word of a field. */
    int at(String field) {
        int at = 0;
        for (Field each : fields) {
            if (each.name.equals(field)) return at;
            at += each.count;
        }
        throw new IllegalArgumentException(name + " has no field " + field);
    }

    /** As the sources know it. */
    String declaration() {
        StringBuilder text = new StringBuilder("struct " + name + " {\n");
        fields.forEach(field -> text.append(field.declaration()));
        return text.append("};\n").toString();
    }
}
