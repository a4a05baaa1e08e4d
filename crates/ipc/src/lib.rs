//! What crosses to the webview: views, requests, error codes
