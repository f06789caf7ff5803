# No kernel with it here: its bytes alone.
: filter INPUT
alone 0 01 00*15 01 00*7 00*32               ; -j ULOG ; REFUSED programs of the host
alone 0 10 00*7 64 00*7 32 00*7 'in:' 00*29  ; -j ULOG --ulog-prefix "in:" --ulog-nlgroup 5 --ulog-cprange 100 --ulog-qthreshold 50 ; REFUSED programs of the host
alone 0 00*16 01 00*7 'abc' 00*29            ; -j ULOG --ulog-prefix abc --ulog-nlgroup 0 ; REFUSED programs of the host
alone 0 01 00*15 33 00*39                    ;   ; FAIL queue threshold 51
alone 0 01 00*15 01 00*7 61*32               ;   ; FAIL a prefix without an end
-j ULOG                                      ;   ; FAIL missing kernel module
bytes 00*55                                  ;   ; FAIL 55 bytes of data, expected 56
