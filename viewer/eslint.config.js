import tseslint from "typescript-eslint";

export default tseslint.config(...tseslint.configs.strict, {
  rules: {
    eqeqeq: "error",
    "prefer-const": "error",
    "no-console": "error",
    // Sizes of arrays are known where they are indexed.
    "@typescript-eslint/no-non-null-assertion": "off",
  },
});
