# Nothing with it loads where the kernel has no security module that knows the label.
: mangle PREROUTING
alone 0 01 00*7 'system_u:object_r:httpd_packet_t:s0' 00*221 ; -j SECMARK --selctx system_u:object_r:httpd_packet_t:s0 ; REFUSED security module
alone 1 01 'system_u:object_r:httpd_packet_t:s0' 00*228 ; -j SECMARK --selctx system_u:object_r:httpd_packet_t:s0 ; REFUSED security module
6 alone 1 01 'x' 00*262                      ; -j SECMARK --selctx x ; REFUSED security module
alone 0 02 00*263                            ;   ; FAIL mode 2
-j SECMARK --selctx unconfined_u:object_r:t:s0 ;   ; FAIL No chain/target/match by that name
-j SECMARK                                   ;   ; FAIL must be specified
bytes 01 00*262                              ;   ; FAIL 263 bytes of data, expected 264
