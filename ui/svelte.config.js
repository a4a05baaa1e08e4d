// `tree` builds templates with createElement; the default clones them out of innerHTML, which the bundle must not contain.
export default {
  compilerOptions: { runes: true, fragments: 'tree' },
};
