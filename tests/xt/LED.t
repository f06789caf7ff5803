# No kernel with it here: its bytes alone.
: filter INPUT
alone 0 'netfilter-foo' 00*27                ; -j LED --led-trigger-id "foo" ; REFUSED a light of the host
alone 0 'netfilter-foo' 00*14 01 2a 00*11    ; -j LED --led-trigger-id "foo" --led-delay 42 --led-always-blink ; REFUSED a light of the host
alone 0 'netfilter-a' 00*16 00 ff*4 00*8     ; -j LED --led-trigger-id "a" --led-delay -1 ; REFUSED a light of the host
6 alone 0 61*27 00*13                        ; -j LED --led-trigger-id "aaaaaaaaaaaaaaaaa" ; REFUSED a light of the host
alone 0 00*40                                ;   ; FAIL a trigger without a name
-j LED --led-trigger-id foo                  ;   ; FAIL missing kernel module
bytes 61*39                                  ;   ; FAIL 39 bytes of data, expected 40
