: mangle OUTPUT,INPUT,FORWARD
-j MARK --set-xmark 0x1/0xff              ; = ; OK
    udp path=forward                      ; yes
    tcp path=input                        ; yes
    udp frag=4 path=forward               ; yes
-j MARK --set-mark 1                      ; -j MARK --set-xmark 0x1/0xffffffff ; OK
-j MARK --set-mark 0x1/0xf                ; -j MARK --set-xmark 0x1/0xf ; OK
-j MARK --or-mark 0xf0                    ; -j MARK --set-xmark 0xf0/0xf0 ; OK
-j MARK --and-mark 0xf0                   ; -j MARK --set-xmark 0x0/0xffffff0f ; OK
-j MARK --xor-mark 0xf0                   ; -j MARK --set-xmark 0xf0/0x0 ; OK
-j MARK --set-mark 4294967295             ; -j MARK --set-xmark 0xffffffff/0xffffffff ; OK
-m mark --mark 0x3 -j MARK --set-mark 2   ; -m mark --mark 0x3 -j MARK --set-xmark 0x2/0xffffffff ; OK
    udp mark=3                            ; yes
    udp mark=2                            ; no
6 -j MARK --set-xmark 0x12345678/0xff00ff00 ; = ; OK
    udp path=forward                      ; yes
-j MARK --set-mark 4294967296             ;   ; FAIL bad integer value
-j MARK                                   ;   ; FAIL options is required
bytes 01 00 00 00                         ;   ; FAIL 4 bytes of data, expected 8
