//! Requests as text: taken apart at the first empty line.

use kadi_fuzz::RequestText;

#[test]
fn a_request_has_a_line_headers_and_a_body() {
    let known = [("{link}", "5".to_owned())];
    let read = RequestText::read(b"POST /v1/{link}?a=1\nX-A: b: c \nY:\n\none\n\ntwo", &known).unwrap();
    assert_eq!((read.method, read.address.as_str()), (&b"POST"[..], "/v1/5?a=1"));
    assert_eq!(read.headers, [(&b"X-A"[..], &b"b: c"[..]), (b"Y", b"")]);
    assert_eq!(read.body, b"one\n\ntwo");
    let least = RequestText::read(b"GET /\n\n", &[]).unwrap();
    assert!(least.headers.is_empty() && least.body.is_empty());
}

#[test]
fn what_is_no_request_is_none() {
    for bytes in [&b""[..], b"GET /", b"GET /\nx: y\n", b"GET\n\n", b"GET /\nno colon\n\n", b"GET /\xff\n\n"]
    {
        assert_eq!(RequestText::read(bytes, &[]), None, "{}", bytes.escape_ascii());
    }
}
