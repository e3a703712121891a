/** The address under which the site serves a file. */
declare module "*?url" {
  const address: string;
  export default address;
}
